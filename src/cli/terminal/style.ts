import { styleText } from "node:util";
import type { Output } from "../io.ts";

/** Colours for one output; where it takes none, all of them return the text as it is. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  busy(text: string): string;
  held(text: string): string;
}

type Format = Parameters<typeof styleText>[0];

/** FORCE_COLOR (but `0`) says yes, NO_COLOR says no; else terminals that are not `dumb` get colours. */
export function takesColours(output: Output, env: NodeJS.ProcessEnv): boolean {
  const force = env["FORCE_COLOR"];
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
  return output.isTTY === true && env["TERM"] !== "dumb";
}

export function createStyle(colours: boolean): Style {
  const paint = (format: Format) => (text: string) =>
    colours && text !== "" ? styleText(format, text, { validateStream: false }) : text;
  return {
    bold: paint("bold"),
    dim: paint("dim"),
    good: paint("green"),
    bad: paint("red"),
    busy: paint("cyan"),
    held: paint("yellow"),
  };
}

const badWords = new Set(["ERROR", "failed"]);
const goodWords = new Set(["DONE", "succeeded"]);
const busyWords = new Set(["RUNNING", "running"]);

/** A status or outcome in its colour. */
export function paintStatus(status: string, style: Style): string {
  if (badWords.has(status)) return style.bad(status);
  if (goodWords.has(status)) return style.good(status);
  if (status === "PAUSED") return style.held(status);
  return busyWords.has(status) ? style.busy(status) : status;
}
