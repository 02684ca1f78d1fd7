import { randomInt } from "node:crypto";
import type { Json, OptimizeMode, SearchSpace } from "../model/index.ts";
import { PolyphaseError } from "../model/index.ts";
import { parseSearchSpace } from "../space/index.ts";
import type { ParametersOf } from "../space/index.ts";
import { createBuiltinTuner } from "../tuners/index.ts";

export interface AskTellOptions {
  /** Default "maximize". */
  readonly optimizeMode?: OptimizeMode;
  /** Default: drawn. */
  readonly seed?: number;
  readonly classArgs?: { readonly [name: string]: Json };
}

/** One set of parameters, to be evaluated however you like. */
export interface Suggestion<Parameters> {
  readonly parameterId: number;
  readonly parameters: Parameters;
}

/** A tuner without an experiment around it: you ask, you evaluate, you tell. */
export interface AskTell<Parameters> {
  /**
   * The next parameters; several may be open at once. Undefined when a finite space is exhausted, or would be once the open
   * suggestions are told.
   */
  ask(): Suggestion<Parameters> | undefined;
  /** The result of one suggestion. Throws `unknown-suggestion` for one that is not open. */
  tell(suggestion: Suggestion<Parameters> | number, value: Json): void;
  /** The evaluation came to nothing. */
  tellFailed(suggestion: Suggestion<Parameters> | number): void;
}

/**
 * Makes a built-in tuner for plain ask and tell.
 *
 * @param name one of `builtinTunerNames`
 * @throws PolyphaseError `unknown-tuner`, `tuner-class-args`, `search-space-invalid`
 */
export function createTuner<const Space extends SearchSpace>(
  name: string,
  space: Space,
  options: AskTellOptions = {},
): AskTell<ParametersOf<Space>> {
  const { optimizeMode = "maximize", seed = randomInt(2 ** 47), classArgs = {} } = options;
  const tuner = createBuiltinTuner(name, { optimizeMode, seed, classArgs });
  void tuner.updateSearchSpace(parseSearchSpace(space));
  const open = new Map<number, Json>();
  const trialJobId = "ask-tell";
  let nextId = 0;

  const end = (
    suggestion: Suggestion<unknown> | number,
    outcome: "succeeded" | "failed",
    value: Json,
  ): void => {
    const parameterId = typeof suggestion === "number" ? suggestion : suggestion.parameterId;
    const parameters = open.get(parameterId);
    if (parameters === undefined) {
      throw new PolyphaseError(
        "unknown-suggestion",
        `there is no open suggestion with parameter id ${parameterId}`,
      );
    }
    open.delete(parameterId);
    void tuner.receiveTrialResult({ parameterId, parameters, value, outcome, trialJobId });
    void tuner.trialEnd?.({ parameterId, trialJobId, outcome });
  };

  return {
    ask() {
      const proposal = tuner.generateParameters(nextId, { trialJobId, parameterIndex: nextId });
      if (!("kind" in proposal) || proposal.kind !== "parameters") return undefined;
      const parameterId = nextId++;
      open.set(parameterId, proposal.parameters);
      return { parameterId, parameters: proposal.parameters as ParametersOf<Space> };
    },
    tell: (suggestion, value) => end(suggestion, "succeeded", value),
    tellFailed: (suggestion) => end(suggestion, "failed", null),
  };
}
