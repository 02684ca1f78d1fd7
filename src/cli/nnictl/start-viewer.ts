/** A process that shows an experiment without a manager, and outlives this one. */
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { makeNetrc, readViewerToken } from "../../manager/home.ts";
import type { ManagerFile } from "../../manager/home.ts";
import { PolyphaseError } from "../../model/index.ts";
import { errorOf, spawnDetached, startAnswer } from "../background.ts";
import { directoryOf } from "../experiments.ts";
import { servingArguments } from "../serving-options.ts";
import type { Session } from "../session.ts";
import { onFreePort } from "./on-free-port.ts";

export interface Viewer {
  readonly id: string;
  /** For people. */
  readonly publicUrl: string;
  /** Lets its bearer read. */
  readonly token: string;
}

/** Resolves when it answers, on that port or, for 0, on any. Scripts without tokens are let in, too. */
export async function startViewer(
  session: Session,
  experiment: Pick<ManagerFile, "id">,
  port: number,
): Promise<Viewer> {
  makeNetrc(session.home);
  const publicUrl = await onFreePort(session, port, () => startOn(session, experiment, port));
  return { id: experiment.id, publicUrl, token: readViewerToken(directoryOf(session, experiment)) };
}

/** Resolves to the address for people, when it answers there. */
async function startOn(session: Session, experiment: Pick<ManagerFile, "id">, port: number): Promise<string> {
  const directory = directoryOf(session, experiment);
  const path = join(directory, "manager.out");
  const output = openSync(path, "a", 0o600);
  const args = ["keep-view", "--directory", directory, ...servingArguments({ port })];
  const child = spawnDetached(session, args, output);
  try {
    const answer = await startAnswer(child);
    if (answer?.kind === "started") return answer.publicUrl;
    throw answer === undefined
      ? new PolyphaseError("viewer-died", "it died before it answered", {
          hint: `what it printed is in ${path}`,
        })
      : errorOf(answer);
  } finally {
    closeSync(output);
    if (child.connected) child.disconnect();
    child.unref();
  }
}
