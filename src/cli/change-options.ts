import type { Command } from "commander";
import type { ConfigChange } from "../model/index.ts";
import { mostOfLimit, mostTrialConcurrency } from "../model/index.ts";
import type { None } from "./option-values.ts";
import { orNone, wholeNumber, words } from "./option-values.ts";
import { usageError } from "./session.ts";

/** Options of the commands that change an experiment's settings. */
export interface ChangeOptions {
  readonly concurrency?: number;
  readonly maxTrialNum?: number | None;
  readonly maxPhaseNum?: number | None;
  readonly maxPhasesPerTrial?: number | None;
  /** As written. */
  readonly maxExecDuration?: string;
  /** File name. */
  readonly searchSpace?: string;
  readonly name?: string;
  readonly description?: string;
  readonly tag?: readonly string[];
}

export function changeOptions(command: Command): Command {
  const limit = orNone(wholeNumber(1, mostOfLimit));
  return command
    .option("--concurrency <n>", "trial jobs at once", wholeNumber(1, mostTrialConcurrency))
    .option("--max-trial-num <n>", "trial jobs in all, or none for no limit", limit)
    .option("--max-phase-num <n>", "phases in all, or none", limit)
    .option("--max-phases-per-trial <n>", "phases in one trial job, or none", limit)
    .option("--max-exec-duration <time>", "running time in all: 30m, 2h, 1d; or none")
    .option("--search-space <file>", "search space from now on: JSON or YAML")
    .option("--name <name>", "name of the experiment")
    .option("--description <text>", "description of the experiment")
    .option("--tag <words>", 'tags, in place of those it has: a,b; "" for none', words);
}

/** What the options ask for; no keys where there are none. Throws `config-invalid` for a faulty search space. */
export async function changesOf(options: ChangeOptions): Promise<ConfigChange> {
  const { searchSpace, maxExecDuration: duration } = options;
  const asked = {
    experimentName: options.name,
    description: options.description,
    tags: options.tag,
    trialConcurrency: options.concurrency,
    maxExecDurationMs: duration === undefined ? undefined : await milliseconds(duration),
    maxTrialNum: limitOf(options.maxTrialNum),
    maxPhaseNum: limitOf(options.maxPhaseNum),
    maxPhasesPerTrial: limitOf(options.maxPhasesPerTrial),
    searchSpace: searchSpace === undefined ? undefined : (await configRoom()).loadSearchSpace(searchSpace),
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
}

function limitOf(option: number | None | undefined): number | null | undefined {
  return option === "none" ? null : option;
}

async function milliseconds(text: string): Promise<number | null> {
  if (text === "none") return null;
  const ms = (await configRoom()).durationMs(text);
  if (ms !== undefined && ms > 0) return ms;
  throw usageError(`--max-exec-duration: expected none or a duration such as 30m, 2h, 1d, got ${text}`);
}

/** Heavy, and rarely needed here. */
function configRoom() {
  return import("../config/index.ts");
}
