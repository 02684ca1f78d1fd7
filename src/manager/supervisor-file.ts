import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { processStart, writePrivate } from "./home.ts";

/** What `supervisor.json` says of the process that resumes an experiment whenever its manager dies. */
export interface SupervisorFile {
  readonly pid: number;
  /** Tells two processes with the same pid apart. */
  readonly processStart: string;
  readonly alive: boolean;
  /** How often it has resumed the experiment. */
  readonly restarts: number;
  /** Why it resumes it no more; null as long as it does. */
  readonly gaveUp: string | null;
}

const fileName = "supervisor.json";

export function writeSupervisorFile(
  directory: string,
  content: Pick<SupervisorFile, "restarts" | "gaveUp">,
): void {
  const file = { pid: process.pid, processStart: processStart(process.pid), ...content };
  writePrivate(join(directory, fileName), `${JSON.stringify(file, null, 2)}\n`);
}

/** Undefined where nobody watches over the experiment, nor has given up to. */
export function readSupervisorFile(directory: string): SupervisorFile | undefined {
  try {
    const file = JSON.parse(readFileSync(join(directory, fileName), "utf8")) as Omit<SupervisorFile, "alive">;
    const alive = processStart(file.pid) === file.processStart;
    return alive || file.gaveUp !== null ? { ...file, alive } : undefined;
  } catch {
    return undefined;
  }
}

export function removeSupervisorFile(directory: string): void {
  rmSync(join(directory, fileName), { force: true });
}
