import type { OptimizeMode } from "../model/index.ts";
import type { ConfigFile, LocalSection, TrialSection } from "./config-file.ts";

/** Every default of the config, written once: the schema, the editors' JSON Schema and docs/config.md take it from here. */
export const defaults: {
  readonly experiment: Pick<
    ConfigFile,
    | "authorName"
    | "experimentName"
    | "description"
    | "tags"
    | "trialConcurrency"
    | "multiPhase"
    | "phaseMode"
    | "objective"
    | "maxTrialRetries"
    | "trainingServicePlatform"
    | "useAnnotation"
    | "logLevel"
    | "durability"
    | "debug"
  > & { readonly gracePeriod: string; readonly tunerTimeout: string };
  readonly trial: Pick<TrialSection, "codeDir" | "copyCodeDir">;
  readonly localConfig: Pick<LocalSection, "maxTrialNumPerGpu" | "useActiveGpu">;
  /** Directory of a tuner's or assessor's own class. */
  readonly classCodeDir: string;
  readonly optimizeMode: OptimizeMode;
  readonly nasMode: string;
} = {
  experiment: {
    authorName: "default",
    experimentName: "experiment",
    description: "",
    tags: [],
    trialConcurrency: 1,
    multiPhase: false,
    phaseMode: "worker",
    objective: "last",
    gracePeriod: "5m",
    tunerTimeout: "10m",
    maxTrialRetries: 0,
    trainingServicePlatform: "local",
    useAnnotation: false,
    logLevel: "info",
    durability: "normal",
    debug: false,
  },
  trial: { codeDir: ".", copyCodeDir: false },
  localConfig: { maxTrialNumPerGpu: 1, useActiveGpu: false },
  classCodeDir: ".",
  optimizeMode: "maximize",
  nasMode: "classic_mode",
};
