/** The form of a config file: keys, types, ranges, defaults and meaning. The one source of docs/config.md and the JSON Schema. */
import * as z from "zod";
import { mostTrialConcurrency } from "../model/index.ts";
import type { ConfigFile } from "./config-file.ts";
import { defaults } from "./defaults.ts";
import { duration, expected, flag, oneOf, text, whole } from "./fields.ts";
import { otherSections } from "./other-platforms.ts";
import {
  advisorSection,
  assessorSection,
  localSection,
  mapping,
  trialSection,
  tunerSection,
} from "./sections.ts";
import { choiceOf } from "./supported.ts";

const preset = defaults.experiment;
const anyText = z.string(expected("text"));

const about = {
  $schema: anyText.optional().describe("Where editors find the schema of this file; not read."),
  experimentName: text().default(preset.experimentName).describe("Name for people."),
  authorName: anyText.default(preset.authorName).describe("Who runs the experiment, for people."),
  description: anyText.default(preset.description).describe("Free text for people."),
  tags: z
    .array(text(), expected("a list of words"))
    .default([...preset.tags])
    .describe("Words to find the experiment by."),
};

const search = {
  searchSpacePath: text("a file path")
    .optional()
    .describe("Search space file (JSON or YAML, comments allowed), from the config file's directory."),
  searchSpace: mapping("a mapping of parameter names to descriptions")
    .optional()
    .describe("The search space itself, instead of `searchSpacePath`."),
  tuner: tunerSection
    .optional()
    .describe("Proposes parameters: a section, or only the name of a built-in tuner (`tuner: TPE`)."),
  assessor: assessorSection
    .optional()
    .describe(
      "Stops phases that look bad: a section, or only the name of a built-in assessor (`assessor: Medianstop`).",
    ),
  advisor: advisorSection
    .optional()
    .describe(`Tuner and assessor in one; then there is neither of them. ${choiceOf("advisors")}`),
  whenExhausted: oneOf(["end", "repeat"])
    .optional()
    .describe(
      "When a built-in tuner has proposed every point of a finite search space. `end` (the default): there are no more. `repeat`: points are drawn again until another limit is reached, as NNI did; this is the default where `authorName` is given, which NNI demanded, and with `nnictl create`. GridSearch, BatchTuner, Hyperband and BOHB end in any case.",
    ),
  multiThread: flag()
    .optional()
    .describe(
      "A tuner in Python may think about several requests at once, each call in a thread of its own. Without effect on others: their requests never wait for each other.",
    ),
  seed: whole(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe("Same seed and same results give the same proposals. Without this key one is drawn."),
  useAnnotation: flag()
    .prefault(preset.useAnnotation)
    .describe(
      "Take the search space from annotations in the trial's Python code, and run an annotated copy of it.",
    ),
};

const phases = {
  multiPhase: flag()
    .prefault(preset.multiPhase)
    .describe("A trial job may ask for parameters again and again. Otherwise it gets them once."),
  phaseMode: oneOf(["worker", "episode"])
    .default(preset.phaseMode)
    .describe(
      "`worker`: every phase is an evaluation of its own. `episode`: the phases of one trial job form one trial.",
    ),
  objective: oneOf(["last", "max", "min", "mean", "sum"])
    .default(preset.objective)
    .describe("For `phaseMode: episode`: how the results of the phases make the result of the trial."),
};

const limits = {
  trialConcurrency: whole(1, mostTrialConcurrency)
    .default(preset.trialConcurrency)
    .describe("Trial jobs at the same time."),
  maxTrialNum: whole(1).optional().describe("Trial jobs in all."),
  maxPhaseNum: whole(1).optional().describe("Phases in all, over all trial jobs."),
  maxPhasesPerTrial: whole(1).optional().describe("Phases in one trial job."),
  maxExecDuration: duration("positive")
    .optional()
    .describe("Running time after which no parameters are given out."),
  gracePeriod: duration("zero")
    .prefault(preset.gracePeriod)
    .describe("How long running phases may go on after a limit is reached, before their jobs are cancelled."),
  phaseTimeout: duration("positive")
    .optional()
    .describe("A phase without a result for this long has failed, and its trial job is cancelled."),
  tunerTimeout: duration("positive")
    .prefault(preset.tunerTimeout)
    .describe(
      "A call of the tuner that has not come back after this long has hung: the experiment is paused, or with `polyphase run` ended.",
    ),
  maxTrialRetries: whole(0, 1_000)
    .default(preset.maxTrialRetries)
    .describe("How often a failed trial job is started again with its pending phase."),
};

const running = {
  trial: trialSection.optional().describe("What a trial job runs."),
  trainingServicePlatform: text("the name of a training service")
    .default(preset.trainingServicePlatform)
    .describe(`Where trial jobs run. ${choiceOf("platforms")}`),
  localConfig: localSection.prefault({}).describe("GPUs of this machine."),
  secrets: z
    .array(text("the place of a setting"), expected("a list of places of settings"))
    .optional()
    .describe(
      "Places of settings that are secret though their key does not say so: `[trial.env.GREETING]`. See Secrets.",
    ),
  durability: oneOf(["normal", "full"])
    .default(preset.durability)
    .describe(
      "`normal`: no result is lost when the manager dies. `full`: nor when the power fails, a little slower.",
    ),
  logDir: text("a directory")
    .optional()
    .describe(
      "Where the experiment's directory (journal, logs, trial output) is made, instead of under POLYPHASE_HOME.",
    ),
  logLevel: oneOf(["trace", "debug", "info", "warning", "error", "fatal"])
    .default(preset.logLevel)
    .describe("Least important lines that the manager's log keeps."),
  debug: flag().prefault(preset.debug).describe("Short for `logLevel: debug`."),
};

const withoutEffect = "Accepted, without effect: ";
const accepted = {
  versionCheck: flag().optional().describe(`${withoutEffect}the trial client comes with the manager.`),
  nniManagerIp: anyText
    .optional()
    .describe(`${withoutEffect}local trial jobs reach the manager on the loopback.`),
  logCollection: oneOf(["http", "none"])
    .optional()
    .describe(`${withoutEffect}logs of local trial jobs are files here.`),
};

export const configFile: z.ZodType<ConfigFile> = z.strictObject(
  { ...about, ...search, ...phases, ...limits, ...running, ...accepted, ...otherSections },
  expected("a mapping of config keys"),
);

/** Keys that must be there. Not part of the schema, so that all other faults of a file are found too when one is missing. */
export const requiredKeys: readonly (readonly string[])[] = [["tuner"], ["trial"], ["trial", "command"]];
