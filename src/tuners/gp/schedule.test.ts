import { describe, expect, test } from "vitest";
import { chosenRows, fitBefore, lastFit } from "./schedule.ts";

describe("fits", () => {
  test("are made at every result at first, then more seldom, and never at more than there are", () => {
    expect([1, 10, 40, 41, 45].map(lastFit)).toEqual([1, 10, 40, 40, 44]);
    for (let count = 41; count < 3000; count += 7) {
      const last = lastFit(count);
      expect(last).toBeLessThanOrEqual(count);
      expect(count - last).toBeLessThanOrEqual(Math.min(25, count / 20));
      expect(lastFit(last)).toBe(last);
    }
  });

  test("begin at the fit of half as many results", () => {
    expect([8, 9, 16, 17, 64, 100].map(fitBefore)).toEqual([undefined, 8, 8, 16, 32, 64]);
  });
});

describe("the rows to learn from", () => {
  test("are all while they are few", () => {
    expect(chosenRows([3, 1, 2], 3)).toEqual([0, 1, 2]);
  });

  test("are the newest half and the best of the others, in their order", () => {
    expect(chosenRows([5, 1, 9, 2, 8, 7], 4)).toEqual([1, 3, 4, 5]);
    expect(chosenRows([5, 1, 9, 2, 0, 7], 4)).toEqual([1, 3, 4, 5]);
  });

  test("may be infinitely good", () => {
    expect(chosenRows([-Infinity, 1, -Infinity, 2, 0, 7], 4)).toEqual([0, 2, 4, 5]);
  });
});
