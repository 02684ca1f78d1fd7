import { expect, test } from "vitest";
import { seededFor } from "./random.ts";

test.each([0, 1, 7, 2 ** 31])(
  "seed %i has chance of its own for the parameter id of that number",
  (number) => {
    const random = seededFor(number, number);
    const other = seededFor(number, number + 1);
    const drawn = Array.from({ length: 50 }, () => random.next());
    expect(new Set(drawn).size).toBe(50);
    expect(drawn).not.toEqual(Array.from({ length: 50 }, () => other.next()));
  },
);
