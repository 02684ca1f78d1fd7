import { expect, test } from "vitest";
import { shortened } from "./shortened.ts";

test.each([
  ["", ""],
  ["abcd", "abcd"],
  ["abcde", "abcd..."],
  ["abc😀", "abc..."],
  ["ab😀c", "ab😀..."],
])("%j becomes %j where 4 characters are shown", (text, shown) => {
  expect(shortened(text, 4)).toBe(shown);
});
