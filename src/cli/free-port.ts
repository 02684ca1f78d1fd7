import { listExperiments } from "../manager/home.ts";
import { dismiss } from "./dismiss.ts";
import { portOf } from "./port-of.ts";
import type { Session } from "./session.ts";

/**
 * For a manager that is to listen there: ends one that only goes on answering for an experiment that is over, and resolves when
 * its port is free. Leaves everybody else who has the port alone.
 */
export async function freePort(session: Session, port: number | undefined): Promise<void> {
  if (port === undefined) return;
  for (const experiment of listExperiments(session.home))
    if (!experiment.alive && portOf(experiment) === port) await dismiss(session, experiment);
}
