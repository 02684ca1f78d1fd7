import { InvalidArgumentError } from "commander";

/** Reads a whole number of at least `least` and at most `most`. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`;
    throw new InvalidArgumentError(`Expected a whole number ${range}.`);
  };
}

/** Takes a limit away. Not null, which commander takes for an option without a value. */
export type None = "none";

/** The word `none`, or what `read` makes of the text. */
export function orNone<Value>(read: (text: string) => Value): (text: string) => Value | None {
  return (text) => (text === "none" ? text : read(text));
}

/** Words between commas; none in an empty text. */
export function words(text: string): readonly string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** A port to listen on; 0: any free one. */
export const port: (text: string) => number = wholeNumber(0, 65_535);

/** Reads seconds, with a fraction or without; gives milliseconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(value * 1_000);
  throw new InvalidArgumentError("Expected a number of seconds.");
}
