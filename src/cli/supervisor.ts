/** A process that resumes an experiment whenever its manager dies, and outlives this one. */
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { readSupervisorFile } from "../manager/supervisor-file.ts";
import { PolyphaseError } from "../model/index.ts";
import { spawnDetached } from "./background.ts";
import type { Session } from "./session.ts";

/** Of the option `--restart`. */
export const restartMeaning =
  "resume it by itself whenever its manager dies, until it has ended or is stopped";

/** Resolves when the supervisor watches; one that does already is enough. */
export async function startSupervisor(session: Session, directory: string): Promise<void> {
  if (readSupervisorFile(directory)?.alive === true) return;
  const output = openSync(join(directory, "manager.out"), "a", 0o600);
  const child = spawnDetached(session, ["supervise", "--directory", directory], output);
  try {
    const watches = await new Promise<boolean>((resolve, reject) => {
      child.once("error", reject);
      child.once("message", () => resolve(true));
      child.once("exit", () => resolve(false));
    });
    if (!watches)
      throw new PolyphaseError(
        "supervisor-died",
        "the supervisor died before it watched; the experiment runs",
        {
          hint: `what it printed is in ${join(directory, "manager.out")}`,
        },
      );
  } finally {
    closeSync(output);
    if (child.connected) child.disconnect();
    child.unref();
  }
}
