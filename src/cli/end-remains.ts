import type { ManagerFile } from "../manager/home.ts";
import { isPolyphaseError } from "../model/index.ts";
import { startInBackground } from "./background.ts";
import { directoryOf } from "./experiments.ts";
import { type Session, owner } from "./session.ts";

/**
 * Ends what a manager that was killed has left: starts one more, only to stop the experiment, and does not wait for its end.
 * Resolves to the pid of that manager; undefined where nothing was left, and where somebody else has just started a manager:
 * that one can be asked.
 */
export async function endRemains(
  session: Session,
  { id }: ManagerFile,
  reason: string,
): Promise<number | undefined> {
  const { isOver, remainsOf } = await import("../manager/remains.ts");
  if (isOver(remainsOf(directoryOf(session, { id })))) return undefined;
  try {
    const recovery = { stop: reason, by: owner };
    return (await startInBackground(session, { experimentId: id, config: null, recovery })).pid;
  } catch (error) {
    if (isPolyphaseError(error) && error.code === "experiment-running") return undefined;
    throw error;
  }
}
