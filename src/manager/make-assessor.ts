import { createBuiltinAssessor } from "../assessors/index.ts";
import type { AlgorithmConfig, Assessor, AssessorOptions, ExperimentConfig } from "../model/index.ts";
import { importClass, withMethods } from "./algorithm-class.ts";

/** What an assessor is made from, in its thread. Plain data, with the secrets in it. */
export interface AssessorPlan {
  readonly assessor: AlgorithmConfig;
  readonly optimizeMode: AssessorOptions["optimizeMode"];
  readonly seed: number;
}

/** An assessor that is not told otherwise judges by the tuner's `optimize_mode`. */
export function assessorPlan(
  assessor: AlgorithmConfig,
  { optimizeMode }: Pick<ExperimentConfig, "optimizeMode">,
  seed: number,
): AssessorPlan {
  const own = assessor.classArgs["optimize_mode"];
  const mode = own === "maximize" || own === "minimize" ? own : optimizeMode;
  return { assessor, optimizeMode: mode, seed };
}

/** One of ours by name, or the user's class. */
export async function makeAssessor(
  { assessor, optimizeMode, seed }: AssessorPlan,
  log: (message: string) => void = () => {},
): Promise<Assessor> {
  if (assessor.kind === "builtin") {
    const { optimize_mode: _mode, seed: _seed, ...classArgs } = assessor.classArgs;
    return createBuiltinAssessor(assessor.name, { optimizeMode, seed, classArgs, log });
  }
  const AssessorClass = await importClass("assessor", assessor);
  const made = new AssessorClass({ ...assessor.classArgs, optimize_mode: optimizeMode, seed });
  const about = { ...assessor, role: "assessor", page: "docs/assessors.md" };
  return withMethods<Assessor>(made, ["assessPhase"], about);
}
