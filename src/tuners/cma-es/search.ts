import type { Point, Random } from "../../model/index.ts";
import { type Categories, createCategories } from "./categories.ts";
import type { Coding } from "./coding.ts";
import { type Gaussian, createGaussian, drawStep, learn, squaredLength } from "./gaussian.ts";
import { keepMargin } from "./margin.ts";
import type { Start } from "./start.ts";
import { type Progress, createProgress, isSpent } from "./stopping.ts";
import { type Strategy, defaultLambda, strategyFor } from "./strategy.ts";

/** One run of CMA-ES from its start to where it is spent. */
export interface Search {
  /** Another sample of the present generation: there may be more of them than a generation needs. */
  draw(random: Random): Sample;
  /** A sample for a point that did not come from this run's distribution. */
  sampleAt(point: Point): Sample;
  /** How unlikely a point is: larger is farther from what the run looks for. */
  distance(point: Point): number;
  /** The result of a sample, in any order, also of earlier generations. Infinity ranks worst. */
  tell(sample: Sample, loss: number): void;
  readonly spent: boolean;
  /** Results so far. */
  readonly told: number;
}

export interface Sample {
  readonly point: Point;
  /** Mean + sigma * step, before the margin's scale and rounding. */
  readonly at: Float64Array;
  /** The generation it was drawn in; undefined where it was not drawn. */
  readonly generation: number | undefined;
}

/** A sample outside the bounds is drawn again this often for each coordinate, but never more than a hundred times. */
const redrawsPerCoordinate = 10;
const mostRedraws = 100;

export interface SearchOptions {
  readonly coding: Coding;
  /** Undefined: by the number of dimensions. */
  readonly lambda: number | undefined;
  readonly margin: boolean;
}

export function createSearch(start: Start, { coding, lambda, margin }: SearchOptions): Search {
  const n = coding.numeric.length;
  const strategy = strategyFor(n, lambda ?? defaultLambda(n + coding.choices.length));
  const gaussian = createGaussian(start);
  // Margin of the choices: Hamano et al., CatCMA with margin, 2025.
  const discrete = coding.choices.length + coding.grid.length;
  const categories = createCategories(start.probabilities, discrete === 0 ? 0 : 1 - 0.73 ** (1 / discrete));
  const progress = createProgress(n, strategy);
  const scale = new Float64Array(n).fill(1);
  const step = new Float64Array(n);
  const options = new Float64Array(coding.choices.length);
  const keep = (): void => {
    const grid = margin ? coding.grid : [];
    keepMargin(gaussian, scale, { grid, margin: 1 / (Math.max(1, n) * strategy.lambda) });
  };
  let results: Result[] = [];
  let told = 0;
  let spent = false;
  keep();
  return {
    get spent() {
      return spent;
    },
    get told() {
      return told;
    },
    draw(random) {
      const at = drawInside({ coding, gaussian, step }, random);
      const scaled = at.map((x, i) => gaussian.mean[i]! + scale[i]! * (x - gaussian.mean[i]!));
      for (let choice = 0; choice < options.length; choice++)
        options[choice] = categories.draw(choice, random);
      return { point: coding.toPoint(scaled, options), at, generation: gaussian.generation };
    },
    sampleAt: (point) => ({ point, at: coordinatesOf(coding, gaussian, point), generation: undefined }),
    distance(point) {
      const at = coordinatesOf(coding, gaussian, point);
      const away = at.map((x, i) => (x - gaussian.mean[i]!) / (gaussian.sigma * scale[i]!));
      return squaredLength(gaussian, away) + surprise(coding, categories, point);
    },
    tell(sample, loss) {
      if (spent) return;
      told += 1;
      results.push({ sample, loss });
      if (results.length < strategy.lambda) return;
      results.sort((one, other) => (one.loss === other.loss ? 0 : one.loss < other.loss ? -1 : 1));
      update({ coding, gaussian, strategy, categories, progress }, results);
      results = [];
      keep();
      spent = progress.flat || isSpent(gaussian, start.sigma);
    },
  };
}

interface Result {
  readonly sample: Sample;
  readonly loss: number;
}

/** mean + sigma * step inside the bounds: drawn again while outside, in the end moved to the bound. */
function drawInside(
  { coding, gaussian, step }: { coding: Coding; gaussian: Gaussian; step: Float64Array },
  random: Random,
): Float64Array {
  const { size, mean, sigma } = gaussian;
  const at = new Float64Array(size);
  const tries = Math.min(mostRedraws, 1 + redrawsPerCoordinate * size);
  for (let attempt = 0; attempt < tries; attempt++) {
    drawStep(gaussian, random, step);
    let inside = true;
    for (let i = 0; i < size; i++) {
      at[i] = mean[i]! + sigma * step[i]!;
      const { low, high } = coding.numeric[i]!;
      if (at[i]! < low || at[i]! > high) inside = false;
    }
    if (inside) return at;
  }
  return at.map((x, i) => Math.min(coding.numeric[i]!.high, Math.max(coding.numeric[i]!.low, x)));
}

function coordinatesOf(coding: Coding, gaussian: Gaussian, point: Point): Float64Array {
  const at = gaussian.mean.slice();
  coding.toCoordinates(point, at);
  return at;
}

/** -2 log of the probability of the point's options: beside a squared length this is the log-density twice. */
function surprise({ choices }: Coding, { probabilities }: Categories, point: Point): number {
  return choices.reduce((sum, { index }, choice) => {
    const option = point[index]!;
    return Number.isNaN(option) ? sum : sum - 2 * Math.log(probabilities[choice]![option]!);
  }, 0);
}

interface Parts {
  readonly coding: Coding;
  readonly gaussian: Gaussian;
  readonly strategy: Strategy;
  readonly categories: Categories;
  readonly progress: Progress;
}

function update(
  { coding, gaussian, strategy, categories, progress }: Parts,
  results: readonly Result[],
): void {
  const steps = results.map(({ sample }) => ({
    step: stepTo(gaussian, sample),
    active: Uint8Array.from(coding.numeric, ({ dimension }) =>
      Number.isNaN(sample.point[dimension.index]) ? 0 : 1,
    ),
  }));
  const chosen = results.map(({ sample }) =>
    Float64Array.from(coding.choices, ({ index }) => sample.point[index]!),
  );
  progress.add(results[0]!.loss, results[results.length - 1]!.loss);
  if (gaussian.size > 0) learn(gaussian, strategy, steps);
  categories.learn(chosen, strategy.weights);
}

/**
 * y = (x - mean) / sigma. Of a sample that another distribution gave, an earlier generation's too, only the direction is
 * trusted beyond a usual length: Hansen, "Injecting external solutions into CMA-ES", arXiv 1110.4181.
 */
function stepTo(gaussian: Gaussian, { at, generation }: Sample): Float64Array {
  const { size, mean, sigma } = gaussian;
  const step = at.map((x, i) => (x - mean[i]!) / sigma);
  if (generation === gaussian.generation) return step;
  const most = Math.sqrt(size) + (2 * size) / (size + 2);
  const length = Math.sqrt(squaredLength(gaussian, step));
  return length > most ? step.map((x) => (x * most) / length) : step;
}
