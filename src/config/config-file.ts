import type { ExperimentConfig, JsonObject } from "../model/index.ts";
import type { OtherSections, OtherTrialKeys } from "./other-platforms.ts";

/**
 * What a config file says, once its form is checked: defaults filled in, durations in milliseconds, lists as lists. Paths
 * are still as written, and nothing is compared with anything else yet. The meaning of each key stands in schema.ts.
 */
export interface ConfigFile extends OtherSections {
  readonly $schema?: string | undefined;
  readonly authorName: string;
  readonly experimentName: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly trialConcurrency: number;
  readonly maxExecDuration?: number | undefined;
  readonly maxTrialNum?: number | undefined;
  readonly maxPhaseNum?: number | undefined;
  readonly maxPhasesPerTrial?: number | undefined;
  readonly multiPhase: boolean;
  readonly phaseMode: ExperimentConfig["phaseMode"];
  readonly objective: ExperimentConfig["objective"];
  readonly gracePeriod: number;
  readonly phaseTimeout?: number | undefined;
  readonly tunerTimeout: number;
  readonly maxTrialRetries: number;
  readonly seed?: number | undefined;
  readonly trainingServicePlatform: string;
  readonly searchSpacePath?: string | undefined;
  readonly searchSpace?: JsonObject | undefined;
  readonly useAnnotation: boolean;
  readonly tuner?: AlgorithmSection | undefined;
  readonly assessor?: AlgorithmSection | undefined;
  readonly advisor?: AlgorithmSection | undefined;
  readonly trial?: TrialSection | undefined;
  readonly localConfig: LocalSection;
  readonly secrets?: readonly string[] | undefined;
  readonly logDir?: string | undefined;
  readonly logLevel: ExperimentConfig["logLevel"];
  readonly durability: ExperimentConfig["durability"];
  readonly debug: boolean;
  readonly multiThread?: boolean | undefined;
  readonly whenExhausted?: "end" | "repeat" | undefined;
  readonly versionCheck?: boolean | undefined;
  readonly nniManagerIp?: string | undefined;
  readonly logCollection?: "http" | "none" | undefined;
}

/** A tuner, assessor or advisor. `bare`: only its name was written, without a section. */
export interface AlgorithmSection {
  readonly bare: boolean;
  readonly name?: string | undefined;
  readonly codeDir?: string | undefined;
  readonly classFileName?: string | undefined;
  readonly className?: string | undefined;
  readonly classArgs: JsonObject;
  readonly gpuIndices?: readonly number[] | undefined;
  readonly gpuNum?: number | undefined;
  readonly includeIntermediateResults?: boolean | undefined;
}

export interface TrialSection extends OtherTrialKeys {
  readonly command?: string | undefined;
  readonly codeDir: string;
  readonly gpuNum?: number | undefined;
  readonly env: { readonly [name: string]: string };
  readonly copyCodeDir: boolean;
  readonly nasMode?: string | undefined;
}

export interface LocalSection {
  readonly gpuIndices?: readonly number[] | undefined;
  readonly maxTrialNumPerGpu: number;
  readonly useActiveGpu: boolean;
}
