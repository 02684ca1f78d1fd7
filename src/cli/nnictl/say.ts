/** The three kinds of lines that nnictl writes, all to stdout. */
import type { Session } from "../session.ts";
import { PolyphaseError } from "../../model/index.ts";

export function sayInfo({ print }: Session, text: string): void {
  print(`INFO: ${text}`);
}

export function sayWarning({ print, style }: Session, text: string): void {
  print(`${style.held("WARNING:")} ${text}`);
}

export function sayError({ print, style }: Session, text: string): void {
  print(`${style.bad("ERROR:")} ${text}`);
}

/** What NNI could do and this program cannot. `instead`: what to do. */
export function refused(what: string, instead: string): PolyphaseError {
  return new PolyphaseError("not-supported", what, { hint: instead });
}
