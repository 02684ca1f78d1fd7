import { readFileSync } from "node:fs";
import { seeded, shuffle } from "./random.ts";

export interface Example {
  /** 64 pixels, from 0 (paper) to 1 (ink). */
  readonly inputs: Float64Array;
  /** The digit that they show. */
  readonly label: number;
}

const digitsCsv = new URL("../../data/digits.csv", import.meta.url);

/** So many examples to learn from, and all others to be judged by: the same ones in every process. */
export function loadDigits(training: number): { training: Example[]; validation: Example[] } {
  const [, ...lines] = readFileSync(digitsCsv, "utf8").trimEnd().split("\n");
  const examples = shuffle(lines.map(parseLine), seeded(0));
  return { training: examples.slice(0, training), validation: examples.slice(training) };
}

function parseLine(line: string): Example {
  const [label = 0, ...pixels] = line.split(",").map(Number);
  return { inputs: Float64Array.from(pixels, (pixel) => pixel / 16), label };
}
