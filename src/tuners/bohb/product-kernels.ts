import type { Dimension } from "../../model/index.ts";
import { logNormalMass } from "../numeric/normal.ts";

/** A density that is the mean of one kernel for each row; a kernel is the product of those of the columns. */
export interface ProductKernels {
  readonly rows: readonly Float64Array[];
  /** By column. */
  readonly bandwidths: Float64Array;
  /** Of the columns in which `at` has something: the marginal density, where others are NaN. */
  logDensity(at: Float64Array): number;
}

/**
 * @param dimensions of the columns
 * @param rows without NaN; at least one
 */
export function fitKernels(
  dimensions: readonly Dimension[],
  rows: readonly Float64Array[],
  minBandwidth: number,
): ProductKernels {
  const columns = dimensions.map((dimension, j) => {
    const centres = Float64Array.from(rows, (row) => row[j]!);
    const bandwidth = Math.max(minBandwidth, normalReference(centres, dimensions.length));
    return dimension.kind === "numeric"
      ? truncatedGaussians(centres, bandwidth)
      : aitchisonAitken(centres, bandwidth, dimension.size);
  });
  const peaks = new Float64Array(rows.length);
  for (const column of columns) addTo(peaks, column.peaks, 1);
  const logs = new Float64Array(rows.length);
  return {
    rows,
    bandwidths: Float64Array.from(columns, ({ bandwidth }) => bandwidth),
    logDensity(at) {
      logs.set(peaks);
      for (const [j, column] of columns.entries())
        if (Number.isNaN(at[j])) addTo(logs, column.peaks, -1);
        else column.descend(at[j]!, logs);
      return logOfMean(logs);
    },
  };
}

/** The bandwidth that would be best for normal data: Scott, "Multivariate Density Estimation", 1992, section 6.3. */
export function normalReference(values: Float64Array, dimensions: number): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let variance = 0;
  for (const value of values) variance += ((value - mean) * (value - mean)) / values.length;
  return 1.06 * Math.sqrt(variance) * values.length ** (-1 / (4 + dimensions));
}

interface KernelColumn {
  readonly bandwidth: number;
  /** The logarithm of each row's kernel where it is highest, at the row. */
  readonly peaks: Float64Array;
  /** Adds by how much each row's kernel is lower at `at`, in the logarithm. */
  descend(at: number, logs: Float64Array): void;
}

const logRootTwoPi = 0.5 * Math.log(2 * Math.PI);

/** Gaussians cut to [0, 1], each with its whole mass inside. */
function truncatedGaussians(centres: Float64Array, bandwidth: number): KernelColumn {
  const inverse = 1 / bandwidth;
  const peak = -logRootTwoPi - Math.log(bandwidth);
  return {
    bandwidth,
    peaks: centres.map((centre) => peak - logNormalMass(-centre * inverse, (1 - centre) * inverse)),
    descend(at, logs) {
      const curvature = 0.5 * inverse * inverse;
      for (let i = 0; i < logs.length; i++) {
        const away = at - centres[i]!;
        logs[i]! -= curvature * away * away;
      }
    },
  };
}

/**
 * Aitchison and Aitken, "Multivariate binary discrimination by the kernel method", Biometrika 63 (1976): 1 - h for the row's own
 * option, h / (c - 1) for each other one. At most h = (c - 1) / c, where all are equal.
 */
function aitchisonAitken(centres: Float64Array, widest: number, size: number): KernelColumn {
  const bandwidth = Math.min(widest, (size - 1) / size);
  const own = Math.log(1 - bandwidth);
  const drop = own - Math.log(bandwidth / (size - 1));
  return {
    bandwidth,
    peaks: new Float64Array(centres.length).fill(own),
    descend(at, logs) {
      for (let i = 0; i < logs.length; i++) if (at !== centres[i]) logs[i]! -= drop;
    },
  };
}

function addTo(sums: Float64Array, terms: Float64Array, times: number): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += times * terms[i]!;
}

/** Terms this much below the largest, in the logarithm, add nothing that a double could show beside it. */
const negligible = 40;

function logOfMean(logs: Float64Array): number {
  let largest = -Infinity;
  for (let i = 0; i < logs.length; i++) if (logs[i]! > largest) largest = logs[i]!;
  let sum = 0;
  for (let i = 0; i < logs.length; i++)
    if (logs[i]! > largest - negligible) sum += Math.exp(logs[i]! - largest);
  return largest + Math.log(sum / logs.length);
}
