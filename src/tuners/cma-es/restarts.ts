import type { Random } from "../../model/index.ts";

export type RestartStrategy = "none" | "ipop" | "bipop";

/** One run of CMA-ES between restarts. */
export interface RunPlan {
  readonly lambda: number;
  /** Sigma of the start, in units of the first one. */
  readonly sigma: number;
}

export interface Restarts {
  /** The run after one that took so many results; undefined where there is to be none. */
  next(spent: number, random: Random): RunPlan | undefined;
}

/** @param growth what a (large) restart multiplies the generation by */
export function createRestarts(strategy: RestartStrategy, lambda: number, growth: number): Restarts {
  switch (strategy) {
    case "none":
      return { next: () => undefined };
    case "ipop":
      return increasing(lambda, growth);
    case "bipop":
      return bothWays(lambda, growth);
  }
}

/** A generation may not become longer than any experiment. */
const mostLambda = 1e5;

/** Auger and Hansen, "A restart CMA evolution strategy with increasing population size", CEC 2005. */
function increasing(lambda: number, growth: number): Restarts {
  let present = lambda;
  return {
    next() {
      present = Math.min(mostLambda, present * growth);
      return { lambda: present, sigma: 1 };
    },
  };
}

/**
 * Hansen, "Benchmarking a BI-population CMA-ES on the BBOB-2009 function testbed", GECCO 2009: large generations and small ones
 * with small steps in turn, so that both get the same number of evaluations. The first run counts as neither.
 */
function bothWays(lambda: number, growth: number): Restarts {
  const spentOn = { first: 0, large: 0, small: 0 };
  let kind: keyof typeof spentOn = "first";
  let largest = lambda;
  return {
    next(spent, random) {
      spentOn[kind] += spent;
      kind = kind !== "first" && spentOn.small < spentOn.large ? "small" : "large";
      if (kind === "large") {
        largest = Math.min(mostLambda, largest * growth);
        return { lambda: largest, sigma: 1 };
      }
      const exponent = random.next() ** 2;
      const size = Math.max(lambda, Math.floor(lambda * (largest / lambda) ** exponent));
      return { lambda: size, sigma: 10 ** (-2 * random.next()) };
    },
  };
}
