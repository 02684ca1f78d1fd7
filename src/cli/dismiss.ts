/** A manager that still answers for an experiment that has ended. It can go at any time: it only reads. */
import type { ManagerFile } from "../manager/home.ts";
import { refreshed } from "./experiments.ts";
import type { Session } from "./session.ts";

/** Time between two looks at whether it has gone. */
const lookAgainMs = 50;

export function dismissable({ lingersAt }: Pick<ManagerFile, "lingersAt">): boolean {
  return lingersAt !== null;
}

/** Resolves when it has gone and its port is free; at once where there is none. */
export async function dismiss(session: Session, experiment: ManagerFile): Promise<void> {
  if (!dismissable(experiment)) return;
  terminate(experiment.pid);
  while (dismissable(refreshed(session, experiment))) await session.io.pause(lookAgainMs);
}

function terminate(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has just gone by itself.
  }
}
