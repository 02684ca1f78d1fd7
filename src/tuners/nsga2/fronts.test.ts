import { describe, expect, test } from "vitest";
import { dominates, paretoFront, randomInteger, seeded } from "../../model/index.ts";
import { crowdingDistances, frontNumbers } from "./fronts.ts";

const line = [
  [0, 4],
  [1, 3],
  [2, 2],
  [3, 1],
  [4, 0],
];

describe("front numbers", () => {
  test("are 0 for points that trade off", () => {
    expect([...frontNumbers(line)]).toEqual([0, 0, 0, 0, 0]);
  });

  test("count the fronts before a point's own; equal points share one", () => {
    const losses = [
      [2, 2],
      [1, 1],
      [2, 2],
      [0, 3],
      [1, 3],
      [3, 3],
    ];
    expect([...frontNumbers(losses)]).toEqual([1, 0, 1, 0, 1, 2]);
  });

  test("of one objective are the order of its values", () => {
    expect([...frontNumbers([[3], [1], [3], [-7]])]).toEqual([2, 1, 2, 0]);
  });

  test("of nobody are none", () => {
    expect([...frontNumbers([])]).toEqual([]);
  });

  // Few different values, so that points are often equal in some objective or in all.
  test.each([1, 2, 3, 4])("of %d objectives are those of peeling fronts off one by one", (count) => {
    const random = seeded(count);
    for (let round = 0; round < 60; round++) {
      const losses = Array.from({ length: 1 + randomInteger(random, 40) }, () =>
        Array.from({ length: count }, () => randomInteger(random, 6)),
      );
      const numbers = peeled(losses);
      expect([...frontNumbers(losses)]).toEqual(numbers);
      const first = [...losses.keys()].filter((place) => numbers[place] === 0);
      expect(paretoFront(losses).sort((one, other) => one - other)).toEqual(first);
    }
  });
});

function peeled(losses: readonly (readonly number[])[]): number[] {
  const numbers = new Array<number>(losses.length).fill(-1);
  for (let front = 0; numbers.includes(-1); front++) {
    const left = [...losses.keys()].filter((place) => numbers[place] === -1);
    const free = left.filter((place) => !left.some((other) => dominates(losses[other]!, losses[place]!)));
    for (const place of free) numbers[place] = front;
  }
  return numbers;
}

describe("crowding distances", () => {
  test("are infinite at the ends, and the parts of the extent between the neighbours elsewhere", () => {
    expect([...crowdingIn(line)]).toEqual([Infinity, 1, 1, 1, Infinity]);
    const uneven = [
      [0, 10],
      [1, 4],
      [10, 0],
    ];
    expect([...crowdingIn(uneven)]).toEqual([Infinity, 2, Infinity]);
  });

  test("do not depend on the order of the points", () => {
    const turned = [3, 0, 4, 2, 1].map((place) => line[place]!);
    expect([...crowdingIn(turned)]).toEqual([1, Infinity, Infinity, 1, 1]);
  });

  test("are counted in each front by itself", () => {
    const second = line.map(([one, other]) => [one! + 10, other! + 10]);
    const mixed = line.flatMap((point, place) => [second[place]!, point]);
    expect([
      ...crowdingDistances(
        mixed,
        Int32Array.from(mixed, (_, place) => 1 - (place % 2)),
      ),
    ]).toEqual([Infinity, 1, 1, 1, Infinity].flatMap((distance) => [distance, distance]));
  });

  test("are 0 where all points are the same, and count an objective that differs for none as nothing", () => {
    expect([
      ...crowdingIn([
        [1, 1],
        [1, 1],
        [1, 1],
      ]),
    ]).toEqual([0, 0, 0]);
    expect([
      ...crowdingIn([
        [0, 5],
        [1, 5],
        [4, 5],
      ]),
    ]).toEqual([Infinity, 1, Infinity]);
  });

  test("of the largest numbers that there are stay numbers", () => {
    const most = Number.MAX_VALUE;
    expect([
      ...crowdingIn([
        [-most, 2],
        [0, 1],
        [most, 0],
      ]),
    ]).toEqual([Infinity, 2, Infinity]);
  });
});

/** Of solutions in one front. */
function crowdingIn(losses: readonly (readonly number[])[]): Float64Array {
  return crowdingDistances(losses, new Int32Array(losses.length));
}
