import type { Dimension, Point, Random } from "../../model/index.ts";
import { randomInteger } from "../../model/index.ts";
import { truncatedNormal } from "../numeric/normal.ts";
import type { Columns } from "./columns.ts";
import type { ProductKernels } from "./product-kernels.ts";

/** The densities of one budget. */
export interface Model {
  readonly good: ProductKernels;
  readonly bad: ProductKernels;
}

export interface ProposalSettings {
  readonly numSamples: number;
  readonly bandwidthFactor: number;
}

/** Densities below this are all the same, so that a ratio means something: a point far from all bad ones is not better still. */
const logLeastDensity = Math.log(1e-32);

/** Of draws near good rows the one with the highest ratio of the densities; of equal ones the first. */
export function proposal(columns: Columns, model: Model, settings: ProposalSettings, random: Random): Point {
  let best = drawNearGood(columns, model.good, settings, random);
  let highest = score(model, columns.encode(best));
  for (let i = 1; i < settings.numSamples; i++) {
    const point = drawNearGood(columns, model.good, settings, random);
    const its = score(model, columns.encode(point));
    if (its > highest) [best, highest] = [point, its];
  }
  return best;
}

/** Of the dimensions that are active in the point, whatever the rows have in the others. */
function score({ good, bad }: Model, at: Float64Array): number {
  const floored = (side: ProductKernels): number => Math.max(logLeastDensity, side.logDensity(at));
  return floored(good) - floored(bad);
}

/** Near a random row: numbers from its kernels, made wider; options mostly its own. */
function drawNearGood(
  columns: Columns,
  { rows, bandwidths }: ProductKernels,
  { bandwidthFactor }: ProposalSettings,
  random: Random,
): Point {
  const row = rows[randomInteger(random, rows.length)]!;
  return columns.pointOf((column, dimension) => {
    const centre = row[column]!;
    const bandwidth = bandwidths[column]!;
    return dimension.kind === "categorical"
      ? drawOption(dimension, centre, bandwidth, random)
      : drawPlace(centre, bandwidthFactor * bandwidth, random);
  });
}

/** The row's option, or with a probability of `bandwidth` any one, the row's included, as in HpBandSter. */
function drawOption(
  { size }: Dimension & { readonly kind: "categorical" },
  option: number,
  bandwidth: number,
  random: Random,
): number {
  return random.next() < bandwidth ? randomInteger(random, size) : option;
}

function drawPlace(centre: number, deviation: number, random: Random): number {
  const steps = truncatedNormal(random.next(), -centre / deviation, (1 - centre) / deviation);
  return centre + deviation * steps;
}
