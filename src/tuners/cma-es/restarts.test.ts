import { expect, test } from "vitest";
import { seeded } from "../../model/index.ts";
import { createRestarts } from "./restarts.ts";

test("ipop multiplies the generation each time", () => {
  const restarts = createRestarts("ipop", 6, 3);
  const random = seeded(1);
  expect([1, 2, 3].map(() => restarts.next(100, random)?.lambda)).toEqual([18, 54, 162]);
});

test("none ends after the first run", () => {
  expect(createRestarts("none", 6, 2).next(100, seeded(1))).toBeUndefined();
});

test("bipop spends as much on small runs as on large ones", () => {
  const restarts = createRestarts("bipop", 6, 2);
  const random = seeded(2);
  let [large, small, largest] = [0, 0, 6];
  let spent = 500;
  for (let run = 0; run < 40; run++) {
    const plan = restarts.next(spent, random)!;
    spent = plan.sigma === 1 ? 100 * plan.lambda : 30 * plan.lambda;
    if (plan.sigma === 1) {
      expect(plan.lambda).toBe((largest *= 2));
      large += spent;
    } else {
      expect(plan.lambda).toBeLessThanOrEqual(largest);
      expect(plan.lambda).toBeGreaterThanOrEqual(6);
      expect(plan.sigma).toBeGreaterThan(0.01);
      small += spent;
    }
  }
  expect(small).toBeGreaterThan(0.2 * large);
  expect(largest).toBeLessThan(6 * 2 ** 20);
});
