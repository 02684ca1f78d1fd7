import { PolyphaseError } from "../model/index.ts";
import { printable } from "../model/printable.ts";
import type { AlgorithmRole } from "./algorithm-channel.ts";

/** Codes: `tuner-failed`, `assessor-failed`, `advisor-failed`. */
export function algorithmFailed(
  role: AlgorithmRole,
  message: string,
  options: { readonly hint?: string | undefined; readonly cause?: unknown } = {},
): PolyphaseError {
  const { hint, cause } = options;
  return new PolyphaseError(`${role}-failed`, printable(message), {
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
  });
}

export function hung(role: AlgorithmRole, method: string, timeoutMs: number): PolyphaseError {
  return algorithmFailed(
    role,
    `the ${role} has not come back from ${method} for ${timeoutMs / 1_000} s (tunerTimeout)`,
    { hint: `mend the ${role}, or give it more time with tunerTimeout; nothing is lost` },
  );
}

export function silentTooLong(timeoutMs: number): PolyphaseError {
  return algorithmFailed(
    "tuner",
    `the tuner has answered nothing for ${timeoutMs / 1_000} s (tunerTimeout), while no phase was running whose result it could wait for`,
    { hint: "mend the tuner, or give it more time with tunerTimeout; nothing is lost" },
  );
}

/** Its process is gone though it has not said why: killed from outside, or out of memory. Another one may do better. */
export const processDied = "algorithm-died";
