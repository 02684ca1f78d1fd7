import { expect, test } from "vitest";
import { ageWeights } from "./age-weights.ts";
import { createHistory } from "./history.ts";
import { goodCount, improvements, splitRows } from "./split.ts";

function historyOf(losses: readonly (number | undefined)[]): ReturnType<typeof createHistory> {
  const history = createHistory();
  for (const loss of losses) {
    const row = history.add(new Float64Array([0]));
    if (loss !== undefined) history.finish(row, loss);
  }
  return history;
}

const row = (loss: number): { number: number; point: Float64Array; loss: number } => ({
  number: 0,
  point: new Float64Array(1),
  loss,
});

test("the best rows are good; failed and running ones never are", () => {
  const losses = [Infinity, 5, undefined, 1, 3, Infinity, 2, 4, undefined, 9];
  const block = { isActive: () => true, numbers: losses.map((_, i) => i), goodShare: 0.3 };
  const { good, rest } = splitRows(historyOf(losses), block);
  expect([...good]).toEqual([3, 6]);
  expect([...rest]).toEqual([0, 1, 2, 4, 5, 7, 8, 9]);
});

test("nothing is good before there is a result", () => {
  const block = { isActive: () => true, numbers: [0, 1], goodShare: 0.15 };
  const { good, rest } = splitRows(historyOf([undefined, Infinity]), block);
  expect([...good]).toEqual([]);
  expect([...rest]).toEqual([0, 1]);
});

test("the share is rounded up and ends at 25", () => {
  expect([1, 10, 20, 50, 100, 250, 1000].map((count) => goodCount(count, 0.1))).toEqual([
    1, 1, 2, 5, 10, 25, 25,
  ]);
});

test("good rows weigh by their improvement on the best other row, 1 on average", () => {
  expect([...improvements([row(1), row(3)], row(4))]).toEqual([1.5, 0.5]);
  expect([...improvements([row(-Infinity), row(1), row(3)], row(5))]).toEqual(
    [1.2, 1.2, 0.6].map((x) => expect.closeTo(x, 9)),
  );
});

test("without anything to compare with all good rows weigh the same", () => {
  expect([...improvements([row(1), row(3)], undefined)]).toEqual([1, 1]);
  expect([...improvements([row(2), row(2)], row(2))]).toEqual([1, 1]);
  expect([...improvements([row(-Infinity)], row(2))]).toEqual([1]);
  expect([...improvements([], row(2))]).toEqual([]);
});

test("age weights ramp up to the newest 25, as hyperopt's linear forgetting does", () => {
  expect([...ageWeights(3)]).toEqual([1, 1, 1]);
  expect([...ageWeights(28)].slice(0, 4)).toEqual(
    [0.035714, 0.517857, 1, 1].map((x) => expect.closeTo(x, 6)),
  );
  expect([...ageWeights(30)].slice(0, 5)).toEqual(
    [0.033333, 0.275, 0.516667, 0.758333, 1].map((x) => expect.closeTo(x, 6)),
  );
  expect([...ageWeights(30)].slice(5)).toEqual(new Array(25).fill(1));
});
