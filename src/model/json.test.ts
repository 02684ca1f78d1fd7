import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical, jsonCopy, spell, unspell } from "./index.ts";
import type { Json } from "./index.ts";

const number = fc.oneof(
  fc.constantFrom(NaN, Infinity, -Infinity),
  fc.double().map((value) => value + 0), // JSON has no negative zero
);
const text = fc.oneof(fc.string(), fc.constantFrom("$number", "12", "", "null", "__proto__"));
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    number,
    text,
    fc.constantFrom(null, true, false),
    fc.array(tie("value")),
    fc.dictionary(text, tie("value")),
  ),
})).value;

/** Objects that look like a spelled number cannot be told from one. */
const isAmbiguous = (value: Json): boolean => /"\$number":"(NaN|-?Infinity)"/.test(JSON.stringify(value));

test("what is spelled is strict JSON, and comes back as it was", () => {
  fc.assert(
    fc.property(json, (value) => {
      fc.pre(!isAmbiguous(value));
      expect(() => JSON.parse(spell(value)) as unknown).not.toThrow();
      expect(unspell(spell(value))).toEqual(value);
      expect(canonical(unspell(spell(value)))).toBe(canonical(value));
    }),
    { numRuns: 500 },
  );
});

test.each([[{ $number: "12" }], [{ $number: "" }], [{ $number: 1 }], [{ $number: "NaN", more: 1 }]])(
  "%j is an object and no number",
  (value) => expect(unspell(spell(value))).toEqual(value),
);

test("a copy is by value, and refused for what JSON cannot hold", () => {
  const shared = { x: [NaN] };
  const copy = jsonCopy(shared);
  shared.x[0] = 1;
  expect(copy).toEqual({ x: [NaN] });
  for (const no of [undefined, () => 1, 10n]) expect(() => jsonCopy(no)).toThrow(TypeError);
});
