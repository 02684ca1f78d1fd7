import type { Json } from "./json.ts";

/**
 * A search space without nesting: every parameter, also of nested choices, is one dimension; a nested parameter carries
 * the condition under which it is active. Parents always stand before their children.
 */
export interface FlatSpace {
  readonly dimensions: readonly Dimension[];
}

export type Dimension = CategoricalDimension | NumericDimension;

interface DimensionBase {
  /** Position in `FlatSpace.dimensions`. */
  readonly index: number;
  /** Readable path, unique in the space: `lr`, `layer0`, `layer0/Conv/kernel_size`. */
  readonly name: string;
  /** Where the value stands in the parameters: `["layer0", "kernel_size"]`. */
  readonly path: readonly string[];
  /** Active only where the categorical dimension `parent` takes the option with this index; undefined: always active. */
  readonly condition: { readonly parent: number; readonly option: number } | undefined;
}

/** choice, layer_choice, input_choice: unordered. The coordinate is the option's index, 0 .. size-1. */
export interface CategoricalDimension extends DimensionBase {
  readonly kind: "categorical";
  readonly size: number;
  /** What the trial receives for each option; for a nested option `{ "_name": ... }`, to which its parameters are added. */
  readonly options: readonly Json[];
  /** Whether the option is a nested space. */
  readonly nested: readonly boolean[];
}

/**
 * Everything ordered. The coordinate is the value itself, in the user's units.
 *
 * - bounded (randint, uniform, quniform, loguniform, qloguniform): `low <= x <= high`, for randint `high` is the last
 *   integer that may come; `prior` is "uniform", in log x where `log` is set.
 * - unbounded (normal, qnormal, lognormal, qlognormal): `prior` is "normal" with `mu`, `sigma`, in log x where `log` is set.
 */
export interface NumericDimension extends DimensionBase {
  readonly kind: "numeric";
  readonly type:
    | "randint"
    | "uniform"
    | "quniform"
    | "loguniform"
    | "qloguniform"
    | "normal"
    | "qnormal"
    | "lognormal"
    | "qlognormal";
  readonly prior: "uniform" | "normal";
  readonly log: boolean;
  /** -Infinity / +Infinity for the normal family (0 as lower bound of the lognormal ones). */
  readonly low: number;
  readonly high: number;
  readonly mu: number;
  readonly sigma: number;
  /** Step of the grid (1 for randint), undefined where the dimension is continuous. */
  readonly q: number | undefined;
  /** How many values there are: finite for bounded grids, Infinity otherwise. */
  readonly levels: number;
}

/** One coordinate per dimension, in the dimension's own units; NaN where the dimension is not active. */
export type Point = Float64Array;
