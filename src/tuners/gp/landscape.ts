import type { Point } from "../../model/index.ts";
import { type Utility, type Worth, appraise } from "./acquisition.ts";
import { type Encoding, type NumberCoordinate, rowsOf } from "./encoding.ts";
import type { GaussianProcess } from "./model.ts";
import type { Posterior } from "./slopes.ts";

/** What points are worth for one proposal. */
export interface Landscape {
  readonly encoding: Encoding;
  worthOf(mean: number, variance: number): number;
  /** Worth of many points at once. */
  worths(points: readonly Point[]): Float64Array;
  /**
   * Worth of `point` with other places of `coordinates`, and the slopes along them.
   *
   * @param places by coordinate
   * @param slopes receives the slopes
   */
  climb(
    point: Point,
    coordinates: readonly NumberCoordinate[],
  ): (places: Float64Array, slopes: Float64Array) => number;
}

/** The part of a landscape that a local search walks on. */
export type Ground = Pick<Landscape, "encoding" | "worths" | "climb">;

export function createLandscape(
  encoding: Encoding,
  process: GaussianProcess,
  utility: Utility,
  best: number,
): Landscape {
  const worth: Worth = { value: NaN, byMean: NaN, byVariance: NaN };
  const posterior: Posterior = {
    mean: NaN,
    variance: NaN,
    meanSlope: new Float64Array(encoding.layout.numbers),
    varianceSlope: new Float64Array(encoding.layout.numbers),
  };
  const worthOf = (mean: number, variance: number): number => {
    appraise(utility, best, { mean, variance }, worth);
    return worth.value;
  };
  return {
    encoding,
    worthOf,
    worths(points) {
      const count = points.length;
      const [mean, variance] = [new Float64Array(count), new Float64Array(count)];
      process.predict(rowsOf(encoding, points), count, mean, variance);
      return mean.map((each, i) => worthOf(each, variance[i]!));
    },
    climb(point, coordinates) {
      const row = rowsOf(encoding, [point]);
      const slopesByColumn = new Float64Array(encoding.layout.numbers);
      return (places, slopes) => {
        for (const [i, coordinate] of coordinates.entries()) coordinate.write(places[i]!, row, 0);
        process.posterior(row, posterior);
        appraise(utility, best, posterior, worth);
        for (let c = 0; c < slopesByColumn.length; c++)
          slopesByColumn[c] =
            worth.byMean * posterior.meanSlope[c]! + worth.byVariance * posterior.varianceSlope[c]!;
        for (const [i, coordinate] of coordinates.entries())
          slopes[i] = coordinate.chain(places[i]!, slopesByColumn);
        return worth.value;
      };
    },
  };
}
