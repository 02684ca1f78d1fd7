import type { FlatSpace, JsonObject, Point, TunerFactory } from "../../model/index.ts";
import { seeded } from "../../model/index.ts";
import { samplePoint } from "../../space/index.ts";
import { createSobol } from "../numeric/sobol.ts";
import { priorPoint } from "../prior-point.ts";
import { type Searcher, takenBy, tunerAround } from "../searcher.ts";
import { createChooser } from "./chooser.ts";
import { createSamples } from "./samples.ts";

/**
 * Metis: a Gaussian process says where the optimum is believed to be; the point is evaluated next whose result may move that
 * belief most. Candidates are the point of which least is known (exploration), those that lie most clearly among good
 * ones (exploitation), and, where results are noisy, points whose result is suspicious, to be evaluated again (re-sampling).
 *
 * - Li et al.: "Metis: Robustly Optimizing Tail Latencies of Cloud Systems", USENIX ATC 2018
 *
 * A point that was evaluated more than once counts by the median of its results. Phases that still run count as if they had the
 * loss that is expected of them. Failed phases and NaN teach no number, but their neighbourhood counts as no better than
 * average; stopped ones count by the value that they carry; abandoned and cancelled ones are forgotten. In a finite space the
 * answer is `no-more` when every point has come; without re-sampling no point comes twice.
 */
export const metisTuner: TunerFactory = tunerAround(modelBased);

function modelBased(flat: FlatSpace, classArgs: JsonObject, seed: number): Searcher {
  const samples = createSamples();
  const sobol = createSobol(flat.dimensions.length, seeded(seed));
  const coldStart = classArgs["cold_start_num"] as number;
  const choose = createChooser({
    flat,
    samples,
    sobolPoint: (number) => priorPoint(flat, sobol(number % 2 ** 32)),
    resampling: classArgs["no_resampling"] === false,
    candidates: classArgs["no_candidates"] === false,
    startingPoints: classArgs["selection_num_starting_points"] as number,
    explorationProbability: classArgs["exploration_probability"] as number,
  });
  return {
    findsNewOnes: true,
    suggest(random, surroundings) {
      const isTaken = takenBy(samples, surroundings);
      const another = (): Point => surroundings.visits?.free(random) ?? samplePoint(flat, random);
      const firstNew = (next: (attempt: number) => Point): Point => newAmong(next, isTaken) ?? another();
      const { running } = surroundings;
      if (samples.size < coldStart) {
        const known = samples.results + samples.failed().length + running.length;
        return firstNew((attempt) => priorPoint(flat, sobol(known + attempt)));
      }
      return choose(running, isTaken, random) ?? firstNew(() => samplePoint(flat, random));
    },
    learn: (point, loss) => samples.learn(point, loss),
    learnFailure: (point) => samples.learnFailure(point),
    takeBack: (point) => samples.takeBack(point),
  };
}

/** How many draws are tried until one is new. */
const tries = 32;

function newAmong(next: (attempt: number) => Point, isTaken: (point: Point) => boolean): Point | undefined {
  for (let attempt = 0; attempt < tries; attempt++) {
    const point = next(attempt);
    if (!isTaken(point)) return point;
  }
  return undefined;
}
