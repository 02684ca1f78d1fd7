import { PolyphaseError } from "../model/index.ts";

/** What the manager tells a trial process by its environment variables. */
export interface TrialSettings {
  /** Where the manager listened when the process was started; undefined: nobody manages it, standalone mode. */
  readonly url: string | undefined;
  readonly token: string;
  /** JSON file with the manager's present `url`, read again whenever the manager cannot be reached. */
  readonly endpointFile: string | undefined;
  readonly experimentId: string;
  readonly trialJobId: string;
  /** Number of the trial job in the experiment, from 0. */
  readonly trialJobNumber: number;
  /** Index of the first phase to ask for: beyond 0 when the job was started again. */
  readonly firstIndex: number;
  /** How long to look for a manager that is away, in milliseconds. */
  readonly retryMs: number;
}

export type Environment = { readonly [name: string]: string | undefined };

/** Throws `bad-environment`. */
export function settingsOf(environment: Environment): TrialSettings {
  const url = environment["POLYPHASE_URL"] || undefined;
  const token = environment["POLYPHASE_TOKEN"] ?? "";
  if (url !== undefined && token === "") {
    throw new PolyphaseError("bad-environment", "POLYPHASE_URL is set but POLYPHASE_TOKEN is not", {
      hint: "let the manager start this process, or unset POLYPHASE_URL to run without one",
    });
  }
  return {
    url,
    token,
    endpointFile: environment["POLYPHASE_ENDPOINT_FILE"] || undefined,
    experimentId: environment["POLYPHASE_EXPERIMENT_ID"] || "STANDALONE",
    trialJobId: environment["POLYPHASE_TRIAL_JOB_ID"] || "STANDALONE",
    trialJobNumber: numberIn(environment, "POLYPHASE_TRIAL_JOB_NUMBER", 0),
    firstIndex: numberIn(environment, "POLYPHASE_PARAMETER_INDEX", 0),
    retryMs: numberIn(environment, "POLYPHASE_RETRY_SECONDS", Infinity) * 1_000,
  };
}

function numberIn(environment: Environment, name: string, fallback: number): number {
  const text = environment[name];
  if (text === undefined || text === "") return fallback;
  const number = Number(text);
  if (number >= 0) return number;
  throw new PolyphaseError(
    "bad-environment",
    `${name}: expected a number from 0, got ${JSON.stringify(text)}`,
  );
}
