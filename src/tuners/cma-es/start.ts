import type { Json, JsonObject, Point, Random } from "../../model/index.ts";
import { PolyphaseError, randomNormal } from "../../model/index.ts";
import type { Coding } from "./coding.ts";
import { type GaussianStart, createGaussian } from "./gaussian.ts";

/** Where a run begins. */
export interface Start extends GaussianStart {
  /** By choice: the probability of each option. */
  readonly probabilities: readonly Float64Array[];
}

export interface KnownPoint {
  readonly point: Point;
  readonly loss: number;
}

/** The middle of everything, or where `x0` lies. */
export function firstStart(coding: Coding, sigma: number, x0: JsonObject | undefined): Start {
  const mean = new Float64Array(coding.numeric.length).fill(0.5);
  if (x0 !== undefined) placeAt(coding, mean, x0);
  return { mean, sigma, probabilities: evenChoices(coding) };
}

/** Somewhere: uniform between the bounds, by the prior where there are none. */
export function anyStart(coding: Coding, sigma: number, random: Random): Start {
  const mean = Float64Array.from(coding.numeric, ({ normal }) =>
    normal ? 0.5 + randomNormal(random) / 6 : random.next(),
  );
  return { mean, sigma, probabilities: evenChoices(coding) };
}

/** Fewer rows than this say too little about where to begin. */
const leastRows = 10;
/** gamma and alpha of the paper. */
const goodShare = 0.1;
const spread = 0.1;

/**
 * The best tenth of known rows as the first distribution: Nomura, Watanabe, Akimoto, Ozaki and Onishi, "Warm Starting CMA-ES
 * for Hyperparameter Optimization", AAAI 2021. Choices begin at the options' shares among those rows, mixed half and half with
 * even ones. Undefined where there are too few rows.
 */
export function warmStart(coding: Coding, known: readonly KnownPoint[]): Start | undefined {
  const usable = known.filter(({ loss }) => loss < Infinity);
  if (usable.length < leastRows) return undefined;
  const best = usable.sort((one, other) => (one.loss === other.loss ? 0 : one.loss < other.loss ? -1 : 1));
  const good = best.slice(0, Math.ceil(goodShare * usable.length)).map(({ point }) => point);
  const n = coding.numeric.length;
  const rows = good.map((point) => {
    const row = new Float64Array(n).fill(NaN);
    coding.toCoordinates(point, row);
    return row;
  });
  const mean = Float64Array.from({ length: n }, (_, i) => meanOf(rows, i));
  // A coordinate that a row does not have counts as the mean.
  const apart = rows.map((row) => row.map((x, i) => (Number.isNaN(x) ? 0 : x - mean[i]!)));
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const covariance = apart.reduce((sum, row) => sum + row[i]! * row[j]!, 0) / rows.length;
      matrix[i * n + j] = covariance + (i === j ? spread ** 2 : 0);
    }
  const { axes } = createGaussian({ mean, sigma: 1, covariance: matrix });
  // sigma^2 C = matrix with det C = 1.
  const sigma = Math.exp(axes.reduce((sum, axis) => sum + Math.log(axis), 0) / Math.max(1, n));
  const covariance = matrix.map((cell) => cell / sigma ** 2);
  return { mean, sigma, covariance, probabilities: sharesAmong(coding, good) };
}

function meanOf(rows: readonly Float64Array[], i: number): number {
  const present = rows.map((row) => row[i]!).filter((x) => !Number.isNaN(x));
  return present.length === 0 ? 0.5 : present.reduce((sum, x) => sum + x, 0) / present.length;
}

function evenChoices({ choices }: Coding): Float64Array[] {
  return choices.map(({ size }) => new Float64Array(size).fill(1 / size));
}

function sharesAmong({ choices }: Coding, points: readonly Point[]): Float64Array[] {
  return choices.map(({ index, size }) => {
    const options = points.map((point) => point[index]!).filter((option) => !Number.isNaN(option));
    const shares = new Float64Array(size).fill((options.length === 0 ? 1 : 0.5) / size);
    for (const option of options) shares[option]! += 0.5 / options.length;
    return shares;
  });
}

function placeAt({ numeric }: Coding, mean: Float64Array, x0: JsonObject): void {
  for (const [place, { dimension, toCoordinate, low, high }] of numeric.entries()) {
    const value = x0[dimension.name];
    if (value === undefined || value === null) continue;
    if (typeof value !== "number" || !Number.isFinite(value))
      throw refused(dimension.name, "a number", value);
    const inside = Math.min(dimension.high, Math.max(dimension.low, value));
    mean[place] = Math.min(high, Math.max(low, toCoordinate(inside)));
  }
}

/** Throws "tuner-class-args" where x0 names what is no number of the space. */
export function checkStartNames(names: readonly string[], x0: JsonObject): void {
  const unknown = Object.keys(x0).find((name) => !names.includes(name));
  if (unknown !== undefined) throw refused(unknown, `one of the numbers ${names.join(", ")}`, unknown);
}

function refused(name: string, expected: string, came: Json): PolyphaseError {
  return new PolyphaseError(
    "tuner-class-args",
    `CmaEs: class arg "x0", ${name}: expected ${expected}, came ${JSON.stringify(came)}.`,
    { hint: "x0 gives a first value to numbers of the search space, in the user's units." },
  );
}
