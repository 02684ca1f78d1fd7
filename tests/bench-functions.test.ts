import { expect, test } from "vitest";
// @ts-expect-error: a script without types
import { functions } from "../bench/functions.mjs";

const named = (...x: number[]): Record<string, number> => Object.fromEntries(x.map((v, i) => [`x${i}`, v]));

/** Values from an independent implementation of the same definitions. */
const known: readonly [name: string, parameters: unknown, value: number][] = [
  ["branin", { x1: 1, x2: 2 }, 21.62763539206238],
  ["branin", { x1: -3, x2: 12 }, 0.4979107097873232],
  ["hartmann6", named(0.1, 0.2, 0.3, 0.4, 0.5, 0.6), -1.4069105761385297],
  ["rosen5", named(-1, 0, 1, 2, 3), 6.008813185442595],
  ["ackley10", named(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 14.217911735010441],
  ["ackley10s", named(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 20.315048447773158],
  [
    "learners",
    { algo: { _name: "svm", C: 1, gamma: 0.1, kernel: { _name: "poly", degree: 4 } }, pre: "none" },
    0.286,
  ],
  [
    "learners",
    {
      algo: {
        _name: "mlp",
        lr: 1e-4,
        dropout: 0.5,
        act: "tanh",
        units1: 16,
        layers: { _name: "3", units2: 64, units3: 512 },
      },
      pre: "pca",
    },
    0.23929166666666665,
  ],
  [
    "learners",
    { algo: { _name: "gbt", eta: 0.1, depth: 9, subsample: 0.5, trees: 100 }, pre: "std" },
    0.1583,
  ],
];

test.each(known)("%s has its known value at %j", (name, parameters, value) => {
  expect(functions[name].evaluate(parameters)).toBeCloseTo(value, 12);
});

test.each([
  ["branin", { x1: Math.PI, x2: 2.275 }],
  ["hartmann6", named(0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573)],
  ["mixed6", { lr: 10 ** -2.5, units: 160, layers: 3, dropout: 0.25, act: "gelu", opt: "adam" }],
  ["cond", { model: { _name: "svm", C: 10, gamma: 0.01 } }],
  ["rosen5", named(1, 1, 1, 1, 1)],
  ["ackley10", named(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
  ["ackley10s", named(12.1, -7.3, 18.4, -15.2, 5.6, -21, 9.9, -3.7, 16.5, -11.8)],
  [
    "learners",
    {
      algo: {
        _name: "mlp",
        lr: 10 ** -2.5,
        dropout: 0.25,
        act: "relu",
        units1: 128,
        layers: { _name: "2", units2: 128 },
      },
      pre: "std",
    },
  ],
] as const)("%s has its optimum where it says", (name, parameters) => {
  expect(functions[name].evaluate(parameters)).toBeCloseTo(functions[name].optimum, 4);
});
