import { type Encoding, rowsOf } from "../gp/encoding.ts";
import type { Ground } from "../gp/landscape.ts";
import type { GaussianProcess } from "../gp/model.ts";
import type { Posterior } from "../gp/slopes.ts";

/** A point is worth the more, the less its expected loss. */
export function lowestMean(encoding: Encoding, process: GaussianProcess): Ground {
  const slope = new Float64Array(encoding.layout.numbers);
  return ground(encoding, {
    many(rows, count) {
      const mean = new Float64Array(count);
      process.means(rows, count, mean);
      return mean.map((each) => -each);
    },
    one(row, slopes) {
      const mean = process.meanAt(row, slope);
      for (let c = 0; c < slope.length; c++) slopes[c] = -slope[c]!;
      return -mean;
    },
  });
}

/** Added to the variance, so that its root has a slope. */
const leastVariance = 1e-12;

/** A point is worth the more, the less is known of its loss: the posterior's standard deviation. */
export function widestSpread(encoding: Encoding, process: GaussianProcess): Ground {
  const posterior: Posterior = {
    mean: NaN,
    variance: NaN,
    meanSlope: new Float64Array(encoding.layout.numbers),
    varianceSlope: new Float64Array(encoding.layout.numbers),
  };
  return ground(encoding, {
    many(rows, count) {
      const variance = new Float64Array(count);
      process.predict(rows, count, new Float64Array(count), variance);
      return variance.map((each) => Math.sqrt(each + leastVariance));
    },
    one(row, slopes) {
      process.posterior(row, posterior);
      const spread = Math.sqrt(posterior.variance + leastVariance);
      for (let c = 0; c < slopes.length; c++) slopes[c] = posterior.varianceSlope[c]! / (2 * spread);
      return spread;
    },
  });
}

interface Worth {
  many(rows: Float64Array, count: number): Float64Array;
  /** Writes the slopes along the number columns. */
  one(row: Float64Array, slopes: Float64Array): number;
}

function ground(encoding: Encoding, worth: Worth): Ground {
  return {
    encoding,
    worths: (points) => worth.many(rowsOf(encoding, points), points.length),
    climb(point, coordinates) {
      const row = rowsOf(encoding, [point]);
      const byColumn = new Float64Array(encoding.layout.numbers);
      return (places, slopes) => {
        for (const [i, coordinate] of coordinates.entries()) coordinate.write(places[i]!, row, 0);
        const value = worth.one(row, byColumn);
        for (const [i, coordinate] of coordinates.entries())
          slopes[i] = coordinate.chain(places[i]!, byColumn);
        return value;
      };
    },
  };
}
