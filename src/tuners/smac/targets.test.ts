import { expect, test } from "vitest";
import { normalScores } from "./targets.ts";

test("are the normal quantiles of the ranks' middles", () => {
  const scores = [...normalScores([1, 5, 7])];
  expect(scores).toEqual([-0.967422, 0, 0.967422].map((score) => expect.closeTo(score, 6)));
});

test("are shared by equal losses, also infinite ones", () => {
  const scores = normalScores([-Infinity, -Infinity, 3, Infinity, Infinity]);
  expect(scores).toEqual(normalScores([0, 0, 1, 2, 2]));
  expect(scores[0]).toBe(scores[1]);
  expect(scores[0]).toBeCloseTo(-0.841621, 6);
  expect(scores[4]).toBeCloseTo(0.841621, 6);
});

test("change with nothing but the order", () => {
  const losses = [-4, -1, 0, 2, 90];
  expect(normalScores(losses.map((loss) => Math.exp(loss)))).toEqual(normalScores(losses));
});
