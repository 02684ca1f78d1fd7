import type { Assessor, AssessorFactory, AssessorOptions } from "../model/index.ts";
import { PolyphaseError } from "../model/index.ts";
import { type ClassArg, checkClassArgs } from "../model/class-args.ts";
import { didYouMean } from "../model/suggest.ts";
import { curvefittingClassArgs } from "./curvefitting/class-args.ts";
import { curvefittingAssessor } from "./curvefitting/curvefitting.ts";
import { medianstopAssessor, medianstopClassArgs } from "./medianstop.ts";

/** An assessor that comes with the package, under the name that `builtinAssessorName` takes. */
export interface BuiltinAssessor {
  /** Expects class args that are checked and complete; {@link createBuiltinAssessor} sees to that. */
  readonly create: AssessorFactory;
  /** When to use it, one sentence. */
  readonly summary: string;
  /** Besides `optimize_mode` and `seed`, which every assessor takes. */
  readonly classArgs: readonly ClassArg[];
}

export const builtinAssessors: Readonly<Record<string, BuiltinAssessor>> = {
  Medianstop: {
    create: medianstopAssessor,
    summary:
      "Stops a phase whose best result so far is below the median of what others had at that step; needs no tuning, fits any curve.",
    classArgs: medianstopClassArgs,
  },
  Curvefitting: {
    create: curvefittingAssessor,
    summary:
      "Stops a phase whose learning curve will hardly come near the best one; for phases of a known number of steps.",
    classArgs: curvefittingClassArgs,
  },
};

/**
 * Makes a built-in assessor. Throws "unknown-assessor" for a name that is none, "assessor-class-args" for class args that do not
 * fit.
 */
export function createBuiltinAssessor(name: string, options: AssessorOptions): Assessor {
  const names = builtinAssessorNames;
  const builtin = Object.hasOwn(builtinAssessors, name) ? builtinAssessors[name] : undefined;
  if (builtin === undefined) {
    const message = `Unknown assessor "${name}"; expected one of ${names.join(", ")}.`;
    const hint =
      didYouMean(name, names) ?? "An assessor of your own is named by codeDir, classFileName and className.";
    throw new PolyphaseError("unknown-assessor", message, { hint });
  }
  const classArgs = checkClassArgs({ role: "assessor", name }, builtin.classArgs, options.classArgs);
  return builtin.create({ ...options, classArgs });
}

/** What `builtinAssessorName` may be. */
export const builtinAssessorNames: readonly string[] = Object.keys(builtinAssessors);
