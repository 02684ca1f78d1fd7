/** A process that shows an experiment without a manager, and outlives this one. */
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { ManagerFile } from "../../manager/home.ts";
import { PolyphaseError } from "../../model/index.ts";
import { errorOf, spawnDetached, startAnswer } from "../background.ts";
import { directoryOf } from "../experiments.ts";
import { servingArguments } from "../serving-options.ts";
import type { Session } from "../session.ts";

/** Resolves to the address for people, when it answers there. */
export async function startViewer(
  session: Session,
  experiment: Pick<ManagerFile, "id">,
  port: number,
): Promise<string> {
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
