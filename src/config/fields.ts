/**
 * The kinds of values that config keys take. Each says in its error what was expected and what came; each is also the
 * source of its part of the JSON Schema.
 */
import * as z from "zod";
import { mostOfLimit } from "../model/index.ts";
import { show } from "./issue.ts";

type Complaint = { readonly error: (issue: { readonly input?: unknown }) => string };

/** The error of a field: "expected ..., got ...". */
export function expected(what: string): Complaint {
  return { error: (issue) => `expected ${what}, got ${show(issue.input)}` };
}

export function text(what = "text"): z.ZodString {
  return z.string(expected(what)).min(1, expected(what));
}

/**
 * `true` or `false`; also `yes`, `no`, `on` and `off`, which are truth values in YAML 1.1, as NNI read it, and words in YAML 1.2.
 * Keys that take words never come here: a choice may be `off`.
 */
export function flag(): z.ZodType<boolean, boolean> {
  return z.preprocess(truthOf, z.boolean(expected("true or false"))) as z.ZodType<boolean, boolean>;
}

function truthOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (/^(yes|Yes|YES|on|On|ON)$/.test(value)) return true;
  return /^(no|No|NO|off|Off|OFF)$/.test(value) ? false : value;
}

/** A whole number of `least .. most`. */
export function whole(least: number, most: number = mostOfLimit): z.ZodInt {
  const range = most < mostOfLimit ? `from ${least} to ${most}` : `of at least ${least}`;
  const complaint = expected(`a whole number ${range}`);
  return z.int(complaint).min(least, complaint).max(most, complaint);
}

export function oneOf<const Words extends readonly string[]>(
  words: Words,
): z.ZodEnum<{ [Word in Words[number]]: Word }> {
  return z.enum(words, expected(words.map((word) => `"${word}"`).join(" or ")));
}

const msOfUnit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `10m`, `1h`, `2d`, or a number of seconds; comes out in milliseconds. */
export function duration(least: "positive" | "zero"): z.ZodType<number, number | string> {
  const complaint = expected("a duration such as 30s, 10m, 1h, 2d or a number of seconds");
  const pattern = /^\d+(\.\d+)?(ms|s|m|h|d)?$/;
  const positivePattern = /^(?=.*[1-9])\d+(\.\d+)?(ms|s|m|h|d)?$/;
  return z
    .union(
      [
        least === "zero" ? z.number(complaint).min(0, complaint) : z.number(complaint).gt(0, complaint),
        z.string(complaint).regex(least === "zero" ? pattern : positivePattern, complaint),
      ],
      complaint,
    )
    .transform((value) => milliseconds(String(value)))
    .meta({ title: "duration" });
}

/** Milliseconds of a duration that is longer than nothing; undefined where the text is none. */
export function durationMs(text: string): number | undefined {
  return duration("positive").safeParse(text).data;
}

/** Whole milliseconds; longer than any clock runs is as long as a number can say. */
function milliseconds(duration: string): number {
  const [, unit = "s"] = /([a-z]+)$/.exec(duration) ?? [];
  const exact = Number.parseFloat(duration) * msOfUnit[unit as keyof typeof msOfUnit];
  return Math.min(Math.round(exact), Number.MAX_SAFE_INTEGER);
}

/** `0`, `"0,2"` or `[0, 2]`; comes out as a list. */
export function gpuIndices(): z.ZodType<readonly number[], number | string | number[]> {
  const complaint = expected('GPU indices such as 0, "0,2" or [0, 2]');
  const one = z.int(complaint).min(0, complaint);
  const many = z.string(complaint).regex(/^\s*\d+(\s*,\s*\d+)*\s*$/, complaint);
  return z
    .union([one, many, z.array(one, complaint)], complaint)
    .transform((value) => {
      if (typeof value === "number") return [value];
      return typeof value === "string" ? value.split(",").map(Number) : value;
    })
    .meta({ title: "GPU indices" });
}

/** Names → values; numbers and truth values become text, as in a shell. */
export function environment(): z.ZodType<Record<string, string>, Record<string, string | number | boolean>> {
  const name = z.string().regex(/^[^=\0]+$/, expected("a name without ="));
  const value = z.union([z.string(), z.number(), z.boolean()], expected("text, a number or true or false"));
  return z
    .record(name, value, expected("a mapping of names to values"))
    .transform((variables) =>
      Object.fromEntries(Object.entries(variables).map(([key, part]) => [key, String(part)])),
    );
}
