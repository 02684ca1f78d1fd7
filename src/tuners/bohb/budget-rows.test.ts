import { describe, expect, test } from "vitest";
import { randomInteger, seeded } from "../../model/index.ts";
import { type BudgetRows, createBudgetRows } from "./budget-rows.ts";

/** Rows that hold the number in which they came. */
function rowsOf(losses: readonly number[], { minPoints = 3, topNPercent = 15 } = {}): BudgetRows {
  const rows = createBudgetRows({ dimensions: 2, minPoints, topNPercent });
  for (const [i, loss] of losses.entries()) rows.add(Float64Array.of(i), loss);
  return rows;
}

function sidesOf(rows: BudgetRows): { good: number[]; bad: number[] } {
  const { good, bad } = rows.split();
  return { good: good.map((row) => row[0]!), bad: bad.map((row) => row[0]!) };
}

const order = (one: number, other: number): number => Number(one > other) - Number(one < other);

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe("the split", () => {
  test("has the best rows on one side and the next ones on the other", () => {
    expect(sidesOf(rowsOf([5, 3, 9, 1, 7, 8]))).toEqual({ good: [3, 1, 0], bad: [4, 5, 2] });
  });

  test.each([
    [20, 15, 3, 17],
    [40, 15, 6, 34],
    // 6.15 and 34.85: the worst row is on neither side.
    [41, 15, 6, 34],
    [20, 50, 10, 10],
    [8, 90, 7, 1],
  ])("of %d rows, %d percent of them good, has %d and %d", (count, topNPercent, good, bad) => {
    const sides = sidesOf(rowsOf(upTo(count), { topNPercent }));
    expect(sides).toEqual({
      good: upTo(count).slice(0, good),
      bad: upTo(count).slice(good, good + bad),
    });
  });

  test("has minPoints rows on the good side at least, and on the bad side where there are so many", () => {
    expect(sidesOf(rowsOf(upTo(12), { minPoints: 5 }))).toEqual({ good: upTo(5), bad: upTo(12).slice(5) });
    expect(sidesOf(rowsOf(upTo(12), { minPoints: 8 })).bad).toHaveLength(4);
    expect(sidesOf(rowsOf(upTo(30), { minPoints: 6, topNPercent: 95 })).bad).toHaveLength(2);
  });

  test("takes the older one of equal losses first", () => {
    expect(sidesOf(rowsOf([1, 0, 1, 0, 1, 0]))).toEqual({ good: [1, 3, 5], bad: [0, 2, 4] });
  });

  test("ranks any number of rows by their losses, in whatever order these come", () => {
    const random = seeded(1);
    const losses = Array.from({ length: 500 }, () =>
      random.next() < 0.1 ? Infinity : randomInteger(random, 60),
    );
    const { good, bad } = sidesOf(rowsOf(losses, { topNPercent: 50 }));
    expect([...good, ...bad]).toEqual(
      upTo(500).toSorted((one, other) => order(losses[one]!, losses[other]!)),
    );
  });

  test("has failed rows on the bad side only, and -Infinity as the best loss", () => {
    const rows = rowsOf([Infinity, 2, -Infinity, Infinity, 1, 3]);
    expect(sidesOf(rows)).toEqual({ good: [2, 4, 1], bad: [5, 0, 3] });
  });

  test("has all that succeeded on the good side where the share asks for more", () => {
    const rows = rowsOf([4, 3, 2, ...Array<number>(47).fill(Infinity)]);
    expect(rows.suffice).toBe(true);
    const { good, bad } = sidesOf(rows);
    expect(good).toEqual([2, 1, 0]);
    expect(bad).toEqual(upTo(50).slice(3, 45));
  });
});

describe("rows suffice", () => {
  test("as soon as both sides have more of them than there are dimensions", () => {
    expect(rowsOf(upTo(5)).suffice).toBe(false);
    expect(rowsOf(upTo(6)).suffice).toBe(true);
    expect(rowsOf(upTo(9), { minPoints: 7 }).suffice).toBe(false);
    expect(rowsOf(upTo(10), { minPoints: 7 }).suffice).toBe(true);
  });

  test("if minPoints of them succeeded", () => {
    const failures = Array<number>(10).fill(Infinity);
    expect(rowsOf([1, 2, ...failures]).suffice).toBe(false);
    expect(rowsOf([1, 2, ...failures, 3]).suffice).toBe(true);
    expect(rowsOf([1, 2, 3, ...failures], { minPoints: 4 }).suffice).toBe(false);
  });

  test("never where nothing is left for the bad side", () => {
    expect(rowsOf(upTo(100), { topNPercent: 100 }).suffice).toBe(false);
  });
});
