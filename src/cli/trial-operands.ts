import type { Command } from "commander";
import { usageError } from "./session.ts";

/** Declares `[ID] TRIALJOBID`. */
export function trialArguments(command: Command): Command {
  return command
    .usage("[options] [ID] TRIALJOBID")
    .argument("<TRIALJOBID...>", "the trial job, after the experiment's id where more than one is running");
}

/** `ID TRIALJOBID`, or only the trial job, of the one experiment that is running. */
export function trialOperands(operands: readonly string[]): {
  readonly id: string | undefined;
  readonly trialJobId: string;
} {
  const [first = "", second, third] = operands;
  if (third !== undefined)
    throw usageError(`expected [ID] TRIALJOBID, got ${operands.length} arguments: ${operands.join(" ")}`);
  return second === undefined ? { id: undefined, trialJobId: first } : { id: first, trialJobId: second };
}
