import { closeSync, createReadStream, writeSync } from "node:fs";
import { join } from "node:path";
import { PolyphaseError } from "../model/index.ts";
import type { ExperimentState } from "../model/index.ts";
import { openInside } from "./open-inside.ts";
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
  return job && readInside(directory, join(outputDirectory(directory, job), stream));
}

export function readManagerLog(directory: string): AsyncIterable<string> | undefined {
  return readInside(directory, join(directory, "manager.log"));
}

function readInside(directory: string, path: string): AsyncIterable<string> | undefined {
  const file = openInside(directory, path, "read");
  return file === undefined ? undefined : createReadStream(path, { fd: file, encoding: "utf8" });
}

/** Adds lines that a job has sent to what it printed. Throws `log-unavailable`. */
export function appendTrialLog(
  directory: string,
  jobs: Jobs,
  trialJobId: string,
  lines: readonly string[],
): void {
  const job = jobs.state.trialJobs.get(trialJobId);
  if (!job) return;
  const file = openInside(directory, join(outputDirectory(directory, job), "stdout"), "append");
  if (file === undefined)
    throw new PolyphaseError("log-unavailable", `trial job ${trialJobId} has no output directory`);
  try {
    writeSync(file, lines.map((line) => `${line}\n`).join(""));
  } finally {
    closeSync(file);
  }
}
