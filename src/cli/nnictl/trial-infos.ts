import type { Client } from "../../client/index.ts";
import type { ManagerFile } from "../../manager/home.ts";
import { outputDirectory } from "../../manager/trial-job-spec.ts";
import { directoryOf } from "../experiments.ts";
import type { Session } from "../session.ts";
import type { TrialJobInfo } from "./nni-views.ts";
import { trialJobInfos } from "./nni-views.ts";

/** The trial jobs of an experiment, in NNI's shape. */
export async function readTrialJobInfos(
  session: Session,
  client: Client,
  experiment: ManagerFile,
): Promise<readonly TrialJobInfo[]> {
  const directory = directoryOf(session, experiment);
  return trialJobInfos(await client.export(), (job) => outputDirectory(directory, job));
}
