import type { FlatSpace, JsonObject, Point, TunerFactory } from "../../model/index.ts";
import { lossOf, lossesOf, namedObjectives } from "../../model/index.ts";
import { samplePoint } from "../../space/index.ts";
import { type Searcher, tunerOf } from "../searcher.ts";
import { type BreedingSettings, createBreed } from "./breeding.ts";
import { createPopulation } from "./population.ts";
import { createTrail } from "./trail.ts";

/**
 * NSGA-II: a population in which fronts of solutions that dominate no other come first, and within a front those in emptier places.
 * Deb, Pratap, Agarwal and Meyarivan, "A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II", IEEE Trans. Evol. Comput. 6,
 * 2002. Without `objectives` a genetic algorithm for the one objective.
 *
 * The first `population_size` phases are draws from the prior. Any number of children may run at once; each competes when its
 * result is in, and takes the place of the worst individual. A child that fails costs nothing. A result in which an objective is
 * missing, NaN or infinitely bad teaches nothing.
 */
export const nsga2Tuner: TunerFactory = (options) => {
  const objectives = namedObjectives(options.classArgs);
  return tunerOf<readonly number[]>(
    {
      createSearcher: (flat) => breeding(flat, options.classArgs),
      lossOf(value) {
        const losses = objectives ? lossesOf(value, objectives) : single(lossOf(value, options.optimizeMode));
        return losses?.map((loss) => Math.max(-Number.MAX_VALUE, loss));
      },
      teaches: (losses) => losses.every((loss) => loss < Infinity),
    },
    options.seed,
  );
};

function single(loss: number | undefined): readonly number[] | undefined {
  return loss === undefined ? undefined : [loss];
}

function breeding(flat: FlatSpace, classArgs: JsonObject): Searcher<readonly number[]> {
  const size = classArgs["population_size"] as number;
  const population = createPopulation(size);
  const breed = createBreed(flat, settingsOf(classArgs));
  const trail = createTrail();
  return {
    suggest(random, { running }) {
      const founders = population.size + running.length < size || population.size < 2;
      const draw = (): Point =>
        founders
          ? samplePoint(flat, random)
          : breed(population.parent(random).point, population.parent(random).point, random);
      return drawOther(draw, trail.with(running));
    },
    learn(point, losses) {
      trail.add(point);
      population.add({ point, losses });
    },
    learnFailure: (point) => trail.add(point),
  };
}

/** How often a child is bred anew because somebody has or had its configuration. */
const tries = 32;

/** Grids and choices make points meet, also in infinite spaces. */
function drawOther(draw: () => Point, isTaken: (point: Point) => boolean): Point {
  let point = draw();
  for (let attempt = 1; attempt < tries && isTaken(point); attempt++) point = draw();
  return point;
}

function settingsOf(classArgs: JsonObject): BreedingSettings {
  return {
    crossoverProb: classArgs["crossover_prob"] as number,
    swappingProb: classArgs["swapping_prob"] as number,
    crossover: classArgs["crossover"] as BreedingSettings["crossover"],
    mutationProb: classArgs["mutation_prob"] as number | undefined,
    mutation: classArgs["mutation"] as BreedingSettings["mutation"],
  };
}
