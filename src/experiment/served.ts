import { messageOf } from "../model/index.ts";
import type { Assessor, PolyphaseError, Tuner } from "../model/index.ts";
import { shortened } from "../model/shortened.ts";
import type { AlgorithmRole } from "./algorithm-channel.ts";
import { algorithmFailed } from "./algorithm-errors.ts";

export type AlgorithmMethod = "constructor" | keyof Tuner | keyof Assessor;

/** An algorithm whose methods are called here, and who wants to know which of them is at work (undefined: none is). */
export interface Served<Algorithm> {
  readonly algorithm: Algorithm;
  watch?(method: AlgorithmMethod | undefined): void;
}

/** Calls a method. A throw becomes the algorithm's failure, with the place where it was thrown. */
export async function attempt<Algorithm, T>(
  { watch }: Served<Algorithm>,
  role: AlgorithmRole,
  method: AlgorithmMethod,
  call: () => T | Promise<T>,
): Promise<T> {
  watch?.(method);
  try {
    return await call();
  } catch (error) {
    throw failure(role, method, messageOf(error), error);
  } finally {
    watch?.(undefined);
  }
}

export function failure(
  role: AlgorithmRole,
  method: string,
  message: string,
  cause?: unknown,
): PolyphaseError {
  const place = cause instanceof Error ? whereThrown(cause) : undefined;
  return algorithmFailed(role, `the ${role} failed in ${method}: ${message}${place ? ` (${place})` : ""}`, {
    cause,
    hint: `mend the ${role}, then polyphase unpause, or resume where it has ended: nothing is lost`,
  });
}

/** `file:line:column` of the innermost frame. */
function whereThrown(error: Error): string | undefined {
  return /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?\s*$/m.exec(
    error.stack?.split("\n").slice(1).join("\n") ?? "",
  )?.[1];
}

export function describe(value: unknown): string {
  if (value === undefined) return "undefined";
  return shortened(textOf(value), 200);
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
