import { describe, expect, test } from "vitest";
import type { Random } from "../../model/index.ts";
import { seeded } from "../../model/index.ts";
import { type Interval, polynomialMutation, simulatedBinaryCrossover } from "./variation.ts";

const unit: Interval = { low: 0, high: 1, width: 1 };
const open: Interval = { low: -Infinity, high: Infinity, width: 6 };

/** Gives these numbers, one after the other. */
function given(...numbers: number[]): Random {
  return { next: () => numbers.shift()!, save: () => [0, 0, 0, 0] };
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

describe("polynomial mutation", () => {
  test("is the inverse of the polynomial distribution, far from the bounds", () => {
    // u = 1/4: (2 u)^(1 / (eta + 1)) - 1; u = 3/4: the mirror image.
    expect(polynomialMutation(0, open, 1, given(0.25))).toBeCloseTo(6 * (Math.SQRT1_2 - 1), 12);
    expect(polynomialMutation(0, open, 1, given(0.75))).toBeCloseTo(6 * (1 - Math.SQRT1_2), 12);
    expect(polynomialMutation(0.3, unit, 20, given(0.5))).toBeCloseTo(0.3, 12);
  });

  test("reaches both bounds and never passes them", () => {
    for (const value of [0, 0.1, 0.5, 1]) {
      expect(polynomialMutation(value, unit, 5, given(0))).toBeCloseTo(0, 12);
      expect(polynomialMutation(value, unit, 5, given(1))).toBeCloseTo(1, 12);
    }
    const random = seeded(1);
    for (let i = 0; i < 2000; i++) {
      const moved = polynomialMutation(i / 1999, unit, 5, random);
      expect(moved >= -1e-15 && moved <= 1 + 1e-15).toBe(true);
    }
  });

  test("goes 1 / (eta + 2) of the width on average", () => {
    const random = seeded(2);
    const steps = Array.from({ length: 20_000 }, () => Math.abs(polynomialMutation(0, open, 20, random)));
    expect(mean(steps) / 6).toBeCloseTo(1 / 22, 3);
  });
});

describe("simulated binary crossover", () => {
  test("of equal parents is the parent", () => {
    expect(simulatedBinaryCrossover([0.4, 0.4], unit, 20, given(0.9, 0.1))).toBe(0.4);
  });

  test("has the parents themselves at u = 1/2, where there are no bounds", () => {
    expect(simulatedBinaryCrossover([1, 3], open, 20, given(0.5, 0.4))).toBeCloseTo(1, 12);
    expect(simulatedBinaryCrossover([3, 1], open, 20, given(0.5, 0.6))).toBeCloseTo(3, 12);
  });

  test("keeps the parents' mean, and stays inside the bounds", () => {
    const random = seeded(3);
    const free = Array.from({ length: 20_000 }, () => simulatedBinaryCrossover([1, 3], open, 5, random));
    expect(mean(free)).toBeCloseTo(2, 1);
    for (let i = 0; i < 2000; i++) {
      const child = simulatedBinaryCrossover([0.02, 0.99], unit, 2, random);
      expect(child >= 0 && child <= 1).toBe(true);
    }
  });
});
