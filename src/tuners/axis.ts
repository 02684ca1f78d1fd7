import type { CategoricalDimension, Dimension, NumericDimension } from "../model/index.ts";
import { halfToEven, snap } from "../space/index.ts";
import type { KernelAxis, OrderedAxis } from "./numeric/kernel-table.ts";

/**
 * A dimension as the densities see it. Bounded ones run over [0, 1], in the logarithm where the dimension is logarithmic;
 * those of the normal family over the whole line, as deviations from the prior's mean in units of its sigma.
 */
export interface ModelAxis {
  readonly kernel: KernelAxis;
  /** Model coordinate of a value; for a grid value a place inside its cell. */
  toModel(value: number): number;
  /** The value at a model coordinate, on the grid and inside the bounds. */
  toValue(coordinate: number): number;
  /** Model coordinates of the edges of a grid value's cell: exactly what the prior rounds to this value. */
  cell(value: number): readonly [lower: number, upper: number];
}

/** Grids finer than this part of the axis are treated as continuous: the kernels are a hundred times wider. */
const finestCell = 1e-4;

/**
 * Of quniform [2.5, 20, 5] the lowest value, 2.5, has a cell without width: the prior all but never gives it, people do. It
 * is treated as this wide, so that its mass has a logarithm.
 */
const emptyCell = 1e-9;

export function modelAxis(dimension: Dimension): ModelAxis {
  if (dimension.kind === "categorical") return categoricalAxis(dimension);
  return dimension.prior === "uniform" ? boundedAxis(dimension) : normalAxis(dimension);
}

function categoricalAxis(dimension: CategoricalDimension): ModelAxis {
  return {
    kernel: { kind: "unordered", size: dimension.size },
    toModel: (value) => value,
    toValue: (coordinate) => coordinate,
    cell: (value) => [value, value],
  };
}

function boundedAxis(dimension: NumericDimension): ModelAxis {
  const { low, high, q, log, type } = dimension;
  // Every integer of a randint has a full cell; the outer cells of the q types end at the bounds.
  const margin = type === "randint" ? 0.5 : 0;
  const first = low - margin;
  const last = high + margin;
  const straight = (x: number): number => (log ? Math.log(x) : x);
  const from = straight(first);
  const span = straight(last) - from || 1;
  const forward = (x: number): number => (x <= first ? 0 : x >= last ? 1 : (straight(x) - from) / span);
  const widest = q === undefined ? 0 : forward(first + q);
  return {
    kernel: bounded(q !== undefined && widest > finestCell),
    toModel: forward,
    toValue(coordinate) {
      const straightened = from + span * coordinate;
      const value = log ? Math.exp(straightened) : straightened;
      return q === undefined ? Math.min(high, Math.max(low, value)) : snap(dimension, value);
    },
    cell(value) {
      const [lower, upper] = gridCell(dimension, value).map(forward) as [number, number];
      return upper - lower < emptyCell ? [lower - emptyCell, upper + emptyCell] : [lower, upper];
    },
  };
}

function bounded(grid: boolean): OrderedAxis {
  return { kind: "ordered", low: 0, high: 1, priorCentre: 0.5, priorSigma: 1, grid };
}

function normalAxis(dimension: NumericDimension): ModelAxis {
  const { mu, sigma, q, log } = dimension;
  const forward = (x: number): number => ((log ? Math.log(Math.max(0, x)) : x) - mu) / sigma;
  const isGrid = q !== undefined && (log || q / sigma > finestCell);
  return {
    kernel: {
      kind: "ordered",
      low: -Infinity,
      high: Infinity,
      priorCentre: 0,
      priorSigma: 1,
      grid: isGrid,
    },
    // The cell of 0 reaches down to minus infinity in the logarithm: half way up to its edge stands for it.
    toModel: (value) => forward(log && value <= 0 ? (q ?? 0) / 4 : value),
    toValue(coordinate) {
      const straightened = mu + sigma * coordinate;
      const value = log ? Math.exp(straightened) : straightened;
      return q === undefined ? value : snap(dimension, value);
    },
    cell(value) {
      const [lower, upper] = gridCell(dimension, value);
      return [forward(lower), forward(upper)];
    },
  };
}

/** What is rounded to `value`, in the user's units. A value that was clipped to a bound belongs to the step beyond it. */
function gridCell(dimension: NumericDimension, value: number): readonly [number, number] {
  const q = dimension.q ?? 0;
  const step = dimension.type === "randint" ? value : halfToEven(value / q) * q;
  return [step - q / 2, step + q / 2];
}
