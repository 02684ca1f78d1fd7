import { type Layout, type Rows, columnWeights, squaredDistances, widthOf } from "./layout.ts";
import { type Smoothness, matern } from "./matern.ts";

/** The covariance of a row with others, given the hyperparameters: scale * M_nu(r^2). */
export interface Kernel {
  readonly layout: Layout;
  /** Numbers in a row. */
  readonly width: number;
  readonly scale: number;
  /** By column. */
  readonly weights: Float64Array;
  /** Covariances of one row with others. */
  covariances(others: Rows, row: Float64Array, out: Float64Array): void;
  /** The same without the scale, and their slopes by r^2. */
  correlations(others: Rows, row: Float64Array, out: Float64Array, slopes: Float64Array): void;
}

export interface KernelOptions {
  readonly layout: Layout;
  readonly nu: Smoothness;
  readonly hyperparameters: {
    /** By term. */
    readonly weights: Float64Array;
    readonly scale: number;
  };
}

export function createKernel({ layout, nu, hyperparameters }: KernelOptions): Kernel {
  const { scale } = hyperparameters;
  const weights = columnWeights(layout, hyperparameters.weights);
  return {
    layout,
    width: widthOf(layout),
    scale,
    weights,
    covariances(others, row, out) {
      squaredDistances(layout, weights, others, row, out);
      matern(nu, out, others.count);
      for (let i = 0; i < others.count; i++) out[i]! *= scale;
    },
    correlations(others, row, out, slopes) {
      squaredDistances(layout, weights, others, row, out);
      matern(nu, out, others.count, slopes);
    },
  };
}
