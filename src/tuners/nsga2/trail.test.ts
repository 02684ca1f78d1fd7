import { expect, test } from "vitest";
import { createTrail } from "./trail.ts";

test("a point is known from then on, and so are the others that are named", () => {
  const trail = createTrail();
  trail.add(Float64Array.of(1, NaN, 0.5));
  const isTaken = trail.with([Float64Array.of(2, 3, 0.5)]);
  expect(isTaken(Float64Array.of(1, NaN, 0.5))).toBe(true);
  expect(isTaken(Float64Array.of(2, 3, 0.5))).toBe(true);
  expect(isTaken(Float64Array.of(1, 3, 0.5))).toBe(false);
  expect(trail.with([])(Float64Array.of(2, 3, 0.5))).toBe(false);
});

test("near points are told apart: small numbers, swapped ones, neighbours in the last digit", () => {
  const trail = createTrail();
  const other = trail.with([]);
  let taken = 0;
  let next = 1;
  for (let i = 0; i < 150; i++)
    for (let j = 0; j < 150; j++) {
      next += Number.EPSILON;
      for (const point of [Float64Array.of(i, j), Float64Array.of(i, next)]) {
        if (other(point)) taken += 1;
        trail.add(point);
      }
    }
  expect(taken).toBe(0);
});
