import { expect, test } from "vitest";
import { flatten } from "../space/index.ts";
import { rankPoints } from "./ranked-points.ts";
import { createVisits } from "./visits.ts";

const open = () => createVisits(rankPoints(flatten({ x: { _type: "randint", _value: [0, 3] } }))!);
const at = (x: number): Float64Array => Float64Array.of(x);

test("a point that was handed out and given back is free again, once", () => {
  const visits = open();
  for (const isFree of [true, false]) {
    visits.propose(at(1));
    visits.release(at(1));
    expect(visits.has(at(1))).toBe(!isFree);
  }
});

test("a point whose result is known is not free again, be it handed out before or after", () => {
  const visits = open();
  visits.propose(at(0));
  visits.learn(at(0));
  visits.release(at(0));
  visits.learn(at(1));
  visits.propose(at(1));
  visits.release(at(1));
  expect([at(0), at(1), at(2)].map((point) => visits.has(point))).toEqual([true, true, false]);
});
