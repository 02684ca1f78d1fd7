/** A manager that still answers for an experiment that has ended. It can go at any time: it only reads. */
import type { ManagerFile } from "../manager/home.ts";
import { processStart } from "../manager/home.ts";
import type { Session } from "./session.ts";

/** Time between two looks at whether it has gone. */
const lookAgainMs = 50;

export function dismissable({ lingersAt }: Pick<ManagerFile, "lingersAt">): boolean {
  return lingersAt !== null;
}

/** Resolves when it has gone and its port is free, also where its directory is deleted meanwhile; at once where there is none. */
export async function dismiss({ io }: Session, experiment: ManagerFile): Promise<void> {
  if (!dismissable(experiment) || !isThere(experiment)) return;
  terminate(experiment.pid);
  while (isThere(experiment)) await io.pause(lookAgainMs);
}

function isThere({ pid, processStart: start }: ManagerFile): boolean {
  return processStart(pid) === start;
}

function terminate(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has just gone by itself.
  }
}
