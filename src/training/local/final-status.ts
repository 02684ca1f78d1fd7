import { closeSync, constants as openFlags, fstatSync, openSync, readSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import type { TrialJobStatus } from "../../model/index.ts";
import type { JobFiles } from "./job-files.ts";
import { lastWords } from "./last-words.ts";

/** How a job's leader ended, as far as anybody knows. */
export type Exit =
  | { readonly kind: "code"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "unknown" };

/** What a job has become that was not cancelled. */
export function statusAfter(exit: Exit, files: JobFiles): TrialJobStatus {
  if (exit.kind === "code" && exit.code === 0) return { kind: "succeeded" };
  const words = lastWords(readTail(join(files.outputDir, "stderr")));
  const reason = words === "" ? explain(exit) : `${explain(exit)}: ${words}`;
  return { kind: "failed", reason, exitCode: exit.kind === "code" ? exit.code : null };
}

function explain(exit: Exit): string {
  switch (exit.kind) {
    case "code":
      return explainCode(exit.code);
    case "signal":
      return `killed by ${exit.signal}`;
    case "unknown":
      return "ended without an exit code (killed while no manager was there, or the machine was restarted)";
  }
}

/** 126, 127 and 128 + signal are what a shell answers; see POSIX, 2.8.2 "Exit Status for Commands". */
function explainCode(code: number): string {
  if (code === 127) return "exit code 127 (command not found)";
  if (code === 126) return "exit code 126 (command cannot be executed)";
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return signal === undefined ? `exit code ${code}` : `killed by ${signal[0]} (exit code ${code})`;
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = openFlags;
/** Room for a group of exceptions with the traceback of each. */
const tailBytes = 65_536;

function readTail(path: string): string {
  let file: number;
  try {
    // Whatever the job has put there instead of a file is neither followed nor waited for.
    file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return "";
  }
  try {
    if (!fstatSync(file).isFile()) return "";
    const start = Math.max(0, fstatSync(file).size - tailBytes);
    const bytes = Buffer.alloc(tailBytes);
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, tailBytes, start));
  } finally {
    closeSync(file);
  }
}
