import type { SearchSpace } from "../../src/model/index.ts";
import type { Numbers } from "./ask-tell.ts";

/** Two dimensions, three minima of 0.397887. */
export const branin: SearchSpace = {
  x1: { _type: "uniform", _value: [-5, 10] },
  x2: { _type: "uniform", _value: [0, 15] },
};

export function braninLoss({ x1, x2 }: Numbers): number {
  return (
    (x2! - (5.1 / (4 * Math.PI ** 2)) * x1! ** 2 + (5 / Math.PI) * x1! - 6) ** 2 +
    10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x1!) +
    10
  );
}

export interface NestedBowlParameters {
  readonly model: { readonly _name: string; readonly k: number; readonly rate: number };
}

/** A choice of which one option opens a bowl, 0 at k = 0.2 and rate = 0.001; the other's results are 1 at best. */
export const nestedBowl: SearchSpace = {
  model: {
    _type: "choice",
    _value: [
      { _name: "flat", k: { _type: "uniform", _value: [0, 1] } },
      {
        _name: "deep",
        k: { _type: "uniform", _value: [0, 1] },
        rate: { _type: "loguniform", _value: [1e-5, 1] },
      },
    ],
  },
};

export function nestedBowlLoss({ model: { _name, k, rate } }: NestedBowlParameters): number {
  return _name === "flat" ? 1 + k : (Math.log10(rate) + 3) ** 2 + (k - 0.2) ** 2;
}

/** Forty-two points: 6 x (2 + 5). */
export const nestedGrid: SearchSpace = {
  a: { _type: "randint", _value: [0, 6] },
  b: {
    _type: "choice",
    _value: ["x", "y", { _name: "z", c: { _type: "quniform", _value: [0, 1, 0.25] } }],
  },
};

export interface LearnerParameters {
  readonly model: {
    readonly _name: string;
    readonly k: number;
    readonly rate: number;
    readonly depth: number;
  };
}

/** A choice of which one option opens a bowl over a rate and a depth, 0 at 0.001 and 4; the other's results are 1 at best. */
export const learner: SearchSpace = {
  model: {
    _type: "choice",
    _value: [
      { _name: "flat", k: { _type: "randint", _value: [1, 50] } },
      {
        _name: "deep",
        rate: { _type: "loguniform", _value: [1e-5, 1] },
        depth: { _type: "randint", _value: [1, 9] },
      },
    ],
  },
};

export function learnerLoss({ model: { _name, k, rate, depth } }: LearnerParameters): number {
  return _name === "flat" ? 1 + k / 50 : (Math.log10(rate) + 3) ** 2 / 4 + (depth - 4) ** 2 / 16;
}
