import type { Command } from "commander";
import { usageError } from "./session.ts";

/** Something inside an experiment that a command is about. */
export interface Member {
  /** As the usage line shows it: TRIALJOBID. */
  readonly name: string;
  /** "the trial job" */
  readonly meaning: string;
}

export const trialJob: Member = { name: "TRIALJOBID", meaning: "the trial job" };
export const phase: Member = { name: "PARAMETERID", meaning: "the phase's parameter id" };

/** Declares `[ID] MEMBER`. */
export function memberArguments(command: Command, { name, meaning }: Member): Command {
  return command
    .usage(`[options] [ID] ${name}`)
    .argument(`<${name}...>`, `${meaning}, after the experiment's id where more than one is running`);
}

/** `ID MEMBER`, or only the member, of the one experiment that is running. */
export function memberOperands(
  operands: readonly string[],
  { name }: Member,
): { readonly id: string | undefined; readonly member: string } {
  const [first = "", second, third] = operands;
  if (third !== undefined) {
    throw usageError(`expected [ID] ${name}, got ${operands.length} arguments: ${operands.join(" ")}`);
  }
  return second === undefined ? { id: undefined, member: first } : { id: first, member: second };
}
