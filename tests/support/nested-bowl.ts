import type { SearchSpace } from "../../src/model/index.ts";

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
