import type { FlatSpace } from "../../model/index.ts";

/** The tuners that Auto chooses from, by the names that `builtinTunerName` takes. */
export type Member = "GPTuner" | "SMAC" | "TPE" | "CmaEs";

/** What the choice depends on. */
export interface Situation {
  readonly parameterId: number;
  readonly space: SpaceFacts;
  /** Results that a model can use. */
  readonly results: number;
  /** Phases that are being evaluated. */
  readonly running: number;
}

export interface SpaceFacts {
  readonly dimensions: number;
  /** Only numbers, all of them in every point, and not all on grids. */
  readonly numeric: boolean;
}

export interface Choice {
  readonly member: Member;
  /** For people: why. */
  readonly reason: string;
}

/** So many results show the Gaussian process where to go; from then on it may also be led astray. */
const early = 30;
/** A Gaussian process costs the cube of the results that it learns from, and leaves out what is beyond this. */
const manyResults = 500;
/** Its fit costs ever more with the dimensions, and has ever less to go by. */
const manyDimensions = 60;
/** Of so many proposals at once most are made for results that are only imagined. */
const manyRunning = 50;

export function factsOf({ dimensions }: FlatSpace): SpaceFacts {
  const always = dimensions.every(({ kind, condition }) => kind === "numeric" && condition === undefined);
  const continuous = dimensions.some((each) => each.kind === "numeric" && each.levels === Infinity);
  return { dimensions: dimensions.length, numeric: always && continuous };
}

/** Half of the turns are the Gaussian process's. */
const mixture: readonly Member[] = ["GPTuner", "SMAC", "GPTuner", "TPE"];

/**
 * One model alone is now and then wrong for long: where the Gaussian process takes a landscape of many valleys for a smooth
 * one, the forest and the densities do not. So tuners take turns, by parameter id, and learn from each other's finds.
 */
export function choose({ parameterId, space, results, running }: Situation): Choice {
  const turns = (members: readonly Member[], reason: string): Choice => ({
    member: members[parameterId % members.length]!,
    reason: `${[...new Set(members)].join(", ")}${members.length > 1 ? " in turn" : ""} ${reason}`,
  });
  const cheap: readonly Member[] = space.numeric ? ["TPE", "CmaEs"] : ["TPE"];
  if (space.dimensions > manyDimensions) return turns(cheap, `for more than ${manyDimensions} parameters`);
  if (running > manyRunning) return turns(["TPE"], `while more than ${manyRunning} phases run at once`);
  if (results >= manyResults) return turns(cheap, `after ${manyResults} results`);
  if (results >= early) return turns(mixture, `after ${early} results`);
  return turns(["GPTuner"], `for the first ${early} results`);
}
