import { expect, test } from "vitest";
import { seeded } from "../../model/index.ts";
import type { FitData } from "./fit.ts";
import { fitHyperparameters, plainHyperparameters } from "./fit.ts";
import { createFits } from "./fits.ts";
import { standardize } from "./standardize.ts";

const layout = { numbers: 2, names: 0, termOf: [0, 1], terms: 2 };
const random = seeded(4);
const rows = Float64Array.from({ length: 80 }, () => random.next());
const losses = Array.from({ length: 40 }, (_, i) => Math.sin(9 * rows[2 * i]!) + rows[2 * i + 1]!);

function dataOf(size: number): FitData {
  const { targets } = standardize(losses.slice(0, size), losses.slice(0, size));
  return { layout, nu: 2.5, rows: rows.slice(0, 2 * size), targets, leastNoise: 1e-6 };
}

test("a fit begins from those at the powers of two below it, whether they are there already or not", () => {
  const asked: number[] = [];
  const fitAt = createFits((size) => {
    asked.push(size);
    return dataOf(size);
  });
  const last = fitAt(40);
  expect(asked).toEqual([40, 32, 16, 8]);

  const plain = plainHyperparameters(layout, 1e-6);
  let step = fitHyperparameters(dataOf(8), [plain]);
  for (const size of [16, 32, 40]) step = fitHyperparameters(dataOf(size), [step, plain]);
  expect(last).toEqual(step);

  expect(fitAt(16)).toBe(fitAt(16));
  expect(asked).toHaveLength(4);
});
