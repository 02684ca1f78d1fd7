import type { NumericDimension, ParameterSpec } from "../model/index.ts";
import { countLevels } from "./grid.ts";

type NumericSpec = Extract<ParameterSpec, { readonly _type: NumericDimension["type"] }>;

/** A numeric dimension without its place in the space. */
type NumericPrior = Omit<NumericDimension, "index" | "name" | "path" | "condition">;

/** What a numeric type means: its prior, bounds and grid. */
export function numericPrior(spec: NumericSpec): NumericPrior {
  switch (spec._type) {
    case "randint":
      return bounded(spec._type, spec._value[0], spec._value[1] - 1, 1);
    case "uniform":
    case "loguniform":
      return bounded(spec._type, spec._value[0], spec._value[1], undefined);
    case "quniform":
    case "qloguniform":
      return bounded(spec._type, spec._value[0], spec._value[1], spec._value[2]);
    case "normal":
    case "lognormal":
      return unbounded(spec._type, spec._value[0], spec._value[1], undefined);
    case "qnormal":
    case "qlognormal":
      return unbounded(spec._type, spec._value[0], spec._value[1], spec._value[2]);
  }
}

function bounded(
  type: NumericDimension["type"],
  low: number,
  high: number,
  q: number | undefined,
): NumericPrior {
  const log = type === "loguniform" || type === "qloguniform";
  const grid = q === undefined ? Infinity : countLevels(low, high, q);
  const levels = low === high ? 1 : grid;
  return { kind: "numeric", type, prior: "uniform", log, low, high, mu: NaN, sigma: NaN, q, levels };
}

function unbounded(
  type: NumericDimension["type"],
  mu: number,
  sigma: number,
  q: number | undefined,
): NumericPrior {
  const log = type === "lognormal" || type === "qlognormal";
  const bounds = { low: log ? 0 : -Infinity, high: Infinity };
  return { kind: "numeric", type, prior: "normal", log, ...bounds, mu, sigma, q, levels: Infinity };
}
