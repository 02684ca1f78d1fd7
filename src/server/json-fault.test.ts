import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonFault } from "./json-fault.ts";

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON with a few characters changed, and texts of JSON's own characters. */
const texts = fc.oneof(
  fc.json(),
  fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom("", "{", "]", ",", '"', "\\", "\n", "NaN", "0", "-", ".", "e", "\u0001"),
    )
    .map(([text, at, change]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + change + text.slice(place + 1);
    }),
  fc.string({ unit: fc.constantFrom(...'{}[],:"\\ntrue0-1.eE+ \t\r\nu00fF'.split("")), maxLength: 12 }),
);

test("a text has a fault exactly where JSON.parse refuses it", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(jsonFault(text) === undefined).toBe(parses(text));
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  ["", 0, "a value", "the end of the text"],
  ['{"a": 1', 7, '"," or "}"', "the end of the text"],
  ["[1,]", 3, "a value", "]"],
  ["{,}", 1, 'a key or "}"', ","],
  ['{"a" 1}', 5, '":"', "1"],
  ["1 2", 2, "the end", "2"],
  ['"a\nb"', 0, "a value", "a string that is not closed, or has a control character or a bad escape in it"],
  ["[01]", 1, 'a value or "]"', "01"],
])("%j: at position %i", (...[text, position, expected, found]) => {
  expect(jsonFault(text)).toMatchObject({ position, expected, found });
});

test("lines and columns count from 1", () => {
  expect(jsonFault('{\n  "a": nan\n}')).toMatchObject({ line: 2, column: 8 });
});
