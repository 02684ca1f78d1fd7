import type { ManagerFile } from "../manager/home.ts";
import { openExperiment } from "./experiments.ts";
import type { Session } from "./session.ts";

/** Of how many results from elsewhere the tuner has been told. Of those that it is given, some may be of no use to it. */
export async function importedCount(session: Session, experiment: ManagerFile): Promise<number> {
  const reader = openExperiment(session, experiment);
  const { importedCount: count } = await reader.client.experiment();
  await reader.close();
  return count;
}
