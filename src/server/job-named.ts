import type { TrialJob } from "../model/index.ts";
import { PolyphaseError } from "../model/index.ts";
import type { Server } from "./server.ts";

/** Throws `unknown-trial-job`. */
export function jobNamed(server: Server, id: string): TrialJob {
  const job = server.experiment.state.trialJobs.get(id);
  if (job !== undefined) return job;
  throw new PolyphaseError(
    "unknown-trial-job",
    `there is no trial job ${JSON.stringify(id)} in this experiment`,
  );
}
