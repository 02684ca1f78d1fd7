import { appendFileSync, createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import type { ExperimentState, TrialJob } from "../model/index.ts";
import { outputDirectory } from "./trial-job-spec.ts";

interface Jobs {
  readonly state: Pick<ExperimentState, "trialJobs">;
}

/** What a job's newest attempt has printed so far; undefined for unknown jobs and before the first line. */
export function readTrialLog(
  directory: string,
  jobs: Jobs,
  trialJobId: string,
  stream: "stdout" | "stderr",
): AsyncIterable<string> | undefined {
  const job = jobs.state.trialJobs.get(trialJobId);
  const path = job && join(outputDirectory(directory, job), stream);
  return path && existsSync(path) ? createReadStream(path, "utf8") : undefined;
}

/** Adds lines that a job has sent to what it printed. */
export function appendTrialLog(
  directory: string,
  jobs: Jobs,
  trialJobId: string,
  lines: readonly string[],
): void {
  const job: TrialJob | undefined = jobs.state.trialJobs.get(trialJobId);
  if (!job) return;
  appendFileSync(join(outputDirectory(directory, job), "stdout"), lines.map((line) => `${line}\n`).join(""));
}
