import { hash } from "node:crypto";
import type { Experiment } from "../experiment/experiment.ts";
import type { JournalRecord } from "../model/index.ts";
import { PolyphaseError } from "../model/index.ts";
import { sameHash } from "./same-text.ts";

/** Whom a trial job's token belongs to. */
export interface TrialTokens {
  /**
   * Id of the trial job that an Authorization header names; the job may have ended. Throws `unauthorized`, `wrong-token`,
   * or `token-superseded` for the token of an attempt after which the job was started again.
   */
  trialJobOf(authorization: string | null): string;
}

/**
 * Looks tokens up by their SHA-256, at the same cost for any number of jobs. What the time of such a look-up might tell is
 * about the hash, which does not lead back to a token.
 */
export function trialTokens(experiment: Experiment): TrialTokens {
  const jobOfHash = new Map<string, string>();
  for (const job of experiment.state.trialJobs.values()) jobOfHash.set(job.tokenHash, job.id);
  // Records are told when they are durable, and a job is started later than that: its token is always known in time.
  experiment.subscribe((records) => {
    for (const { record } of records) learn(jobOfHash, record);
  });
  return {
    trialJobOf(authorization) {
      const token = bearerToken(authorization);
      if (token === undefined)
        throw unauthorized("expected a trial job's token: Authorization: Bearer TOKEN");
      const tokenHash = hash("sha256", token);
      const trialJobId = jobOfHash.get(tokenHash);
      if (trialJobId === undefined) throw wrongToken("this token belongs to no trial job of this experiment");
      const current = experiment.state.trialJobs.get(trialJobId)?.tokenHash;
      if (current === undefined || !sameHash(current, tokenHash)) throw superseded(trialJobId);
      return trialJobId;
    },
  };
}

function learn(jobOfHash: Map<string, string>, record: JournalRecord): void {
  if (record.kind === "trial-job-created" || record.kind === "trial-job-retried") {
    jobOfHash.set(record.tokenHash, record.trialJobId);
  }
}

/** The token in an Authorization header; undefined where there is none. */
export function bearerToken(authorization: string | null): string | undefined {
  return authorization === null ? undefined : /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
}

export function unauthorized(message: string): PolyphaseError {
  return new PolyphaseError("unauthorized", message);
}

export function wrongToken(message: string): PolyphaseError {
  return new PolyphaseError("wrong-token", message);
}

function superseded(trialJobId: string): PolyphaseError {
  return new PolyphaseError(
    "token-superseded",
    `trial job ${trialJobId} was started again: this token belongs to an earlier attempt`,
    { hint: "end this process: another one goes on with its phase" },
  );
}
