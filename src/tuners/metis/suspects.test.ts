import { expect, test } from "vitest";
import { createGaussianProcess } from "../gp/model.ts";
import { type Suspect, suspectsAmong } from "./suspects.ts";

const layout = { numbers: 1, names: 0, termOf: [0], terms: 1 };

/** Suspects among results on a line, 0.1 apart; `targetOf` doubles a loss. */
function suspectsOf(losses: readonly (readonly number[])[]): Suspect[] {
  const rows = Float64Array.from(losses, (_, i) => i / 10);
  const samples = losses.map((each, i) => ({ point: rows.slice(i, i + 1), losses: each }));
  const targets = Float64Array.from(losses, (each) => 2 * each[each.length - 1]!);
  const hyperparameters = { weights: Float64Array.of(4), scale: 1, noise: 0.01 };
  const process = createGaussianProcess({ layout, nu: 2.5, hyperparameters, rows, count: losses.length });
  process.setTargets(targets);
  return suspectsAmong(samples, targets, (loss) => 2 * loss, process.leaveOneOut());
}

test("results that do not go together are suspicious, the farthest off first", () => {
  const losses = [0, 0, 0, 0.4, 0, 0, 0, -0.9, 0, 0, 0].map((each) => [each]);
  const rows = suspectsOf(losses).map(({ row }) => row);
  // The neighbours of 7 and 3 are suspicious as well: one of two is wrong.
  expect(rows[0]).toBe(7);
  expect(rows.toSorted((one, other) => one - other)).toEqual([2, 3, 4, 6, 7, 8]);
  expect(suspectsOf(losses.map(() => [0.1]))).toEqual([]);
});

test("once more, its median would lie between what came and what the others allow", () => {
  const [suspect] = suspectsOf([[0], [0], [0.9], [0], [0]]);
  const [lower, upper] = suspect!.targets;
  // The one result is 1.8 as a target; the others allow about 0.
  expect(lower).toBeGreaterThan(0.5);
  expect(lower).toBeLessThan(0.9);
  expect(upper).toBeGreaterThan(lower);
  expect(upper).toBeLessThan(1.3);
});

test("of two results and one more the median is the middle one", () => {
  const [suspect] = suspectsOf([[0], [0], [0.02, 0.9], [0], [0]]);
  const [lower] = suspect!.targets;
  expect(lower).toBe(0.04);
});
