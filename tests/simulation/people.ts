import type { Experiment } from "../../src/experiment/index.ts";
import type { ConfigChange } from "../../src/model/index.ts";
import { pick } from "./dice.ts";
import type { Dice } from "./dice.ts";
import { otherSpaceOf, spaceOf } from "./tuners.ts";
import type { SimulatedTuner } from "./tuners.ts";
import type { Witness } from "./witness.ts";

/** What a person has before them. */
export interface PersonGround {
  readonly experiment: Experiment;
  readonly witness: Witness;
  readonly tuner: SimulatedTuner;
  /** Of this one action. */
  readonly dice: Dice;
}

/** What people can do to a running experiment, by the name that scenarios use. What is refused is refused: they go home. */
export const peopleActions = {
  stop: ({ experiment }: PersonGround): Promise<unknown> => experiment.stop("a person"),

  "stop-by-force": ({ experiment }: PersonGround): Promise<unknown> =>
    experiment.stop("a person in a hurry", { force: true }),

  async cancel({ experiment, witness, dice }: PersonGround): Promise<void> {
    const job = pick([...experiment.state.activeTrialJobs], dice("whom"));
    if (job === undefined) return;
    await experiment.cancelTrialJob(job, "user");
    witness.note({ kind: "promised-person", that: "trial-job-ended", of: job });
  },

  async "stop-phase"({ experiment, witness, dice }: PersonGround): Promise<void> {
    const running = [...experiment.state.phases.values()].filter((phase) => phase.outcome === "running");
    const phase = pick(running, dice("whom"));
    if (phase === undefined) return;
    await experiment.stopPhase(phase.parameterId, "a person");
    witness.note({ kind: "promised-person", that: "phase-ended", of: phase.parameterId });
  },

  /** Somebody unpauses it later: see minder in succession.ts. */
  pause: ({ experiment }: PersonGround): Promise<unknown> => experiment.pause("a person"),

  unpause: ({ experiment }: PersonGround): Promise<unknown> => experiment.unpause(),

  update: ({ experiment, dice, tuner }: PersonGround): Promise<unknown> =>
    experiment.update(changeBy(dice, tuner)),

  async "add-parameters"({ experiment, witness, dice }: PersonGround): Promise<void> {
    const { additionId } = await experiment.addParameters({ x: dice("x") });
    witness.note({ kind: "promised-person", that: "parameters-added", of: additionId });
  },

  import: ({ experiment, dice }: PersonGround): Promise<unknown> =>
    experiment.importPoints([{ parameters: { x: dice("x") }, value: dice("value") }]),
};

export type PeopleAction = keyof typeof peopleActions;

/** Never to "no limit": what ends without one may not end with none. */
export function changeBy(dice: Dice, tuner: SimulatedTuner): ConfigChange {
  const changes: readonly ConfigChange[] = [
    { trialConcurrency: 1 + Math.floor(dice("concurrency") * 5) },
    { maxPhaseNum: 1 + Math.floor(dice("phases") * 20) },
    { maxTrialNum: 1 + Math.floor(dice("trials") * 8) },
    { maxPhasesPerTrial: 1 + Math.floor(dice("phases of a trial") * 5) },
    { maxExecDurationMs: Math.round(dice("duration") * 30_000) },
    { searchSpace: dice("space") < 0.5 ? spaceOf(tuner) : otherSpaceOf(tuner) },
  ];
  return { ...pick(changes, dice("one")), ...pick(changes, dice("another")) };
}
