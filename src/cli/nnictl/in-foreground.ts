import type { Run } from "../commands/run.ts";
import { runHere } from "../commands/run.ts";
import type { Session } from "../session.ts";
import { banner } from "./banner.ts";
import { makeNniPlaces } from "./nni-places.ts";
import { onFreePort } from "./on-free-port.ts";

/** Runs a new experiment, or one that goes on, in this process to its end. Resolves to the exit code. */
export function inForeground(session: Session, what: Run["what"], wanted: number): Promise<number> {
  const announcement: Run["announcement"] = (manager) => {
    const experiment = { ...manager, id: manager.experimentId };
    makeNniPlaces(session, experiment);
    return `INFO: Successfully started experiment!\n${banner(experiment)}`;
  };
  return onFreePort(session, wanted, () =>
    runHere(session, { what, listen: { port: wanted }, json: false, announcement }),
  );
}
