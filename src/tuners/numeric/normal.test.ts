import { expect, test } from "vitest";
import { seeded } from "../../model/index.ts";
import { logNormalCdf, logNormalMass, truncatedNormal } from "./normal.ts";

test.each([
  [1, -0.1727537790234499],
  [-2, -3.7831843336820317],
  [-10, -53.23128515051248],
  [-29.9, -451.3229124585287],
  [-30.1, -457.32956441638237],
  [-40, -804.6084420137539],
])("log Phi(%d) agrees with SciPy's log_ndtr", (x, expected) => {
  expect(logNormalCdf(x) / expected).toBeCloseTo(1, 10);
});

test.each([
  [-1, 2, -0.20016629432446262],
  [10, 11, -53.23131022558313],
  [-33, -31, -484.8539636271794],
  [3, 3.001, -12.328193603728364],
])("the log mass of [%d, %d] is exact in the middle, in the tails and for narrow cells", (a, b, expected) => {
  expect(logNormalMass(a, b)).toBeCloseTo(expected, 8);
  expect(logNormalMass(-b, -a)).toBeCloseTo(expected, 8);
});

test("the whole line has mass 1, half lines have half", () => {
  expect(logNormalMass(-Infinity, Infinity)).toBeCloseTo(0, 12);
  expect(logNormalMass(-Infinity, 0)).toBeCloseTo(Math.log(0.5), 12);
});

test("truncated deviates stay inside and have the mean of the cut normal", () => {
  const random = seeded(1);
  const deviates = Array.from({ length: 20_000 }, () => truncatedNormal(random.next(), -0.5, 2));
  expect(Math.min(...deviates)).toBeGreaterThanOrEqual(-0.5);
  expect(Math.max(...deviates)).toBeLessThanOrEqual(2);
  // (phi(-0.5) - phi(2)) / (Phi(2) - Phi(-0.5)) = 0.44617
  const mean = deviates.reduce((sum, z) => sum + z, 0) / deviates.length;
  expect(mean).toBeCloseTo(0.446, 1);
  expect(truncatedNormal(0, -0.5, 2)).toBeCloseTo(-0.5, 9);
});
