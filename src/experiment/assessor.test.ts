import { expect, test } from "vitest";
import type { AssessedPhase, Assessor, Json } from "../model/index.ts";
import { functionTrainingService } from "../training/function/index.ts";
import { countingTuner, gate, quiet, world } from "../../tests/support/world.ts";
import type { World, WorldOptions } from "../../tests/support/world.ts";
import type { Experiment } from "./index.ts";

/** Writes down what it is told; thinks badly of phases that report less than nothing. */
function noting(): Assessor & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    assessPhase({ parameterId, trialJobId, parameterIndex }: AssessedPhase, curve: readonly Json[]) {
      calls.push(`assess ${parameterId} ${trialJobId} ${parameterIndex}: ${curve.join(" ")}`);
      return (curve.at(-1) as number) >= 0;
    },
    phaseEnd: ({ parameterId, outcome, value }, curve) =>
      void calls.push(`end ${parameterId} ${outcome} ${String(value)}: ${curve.join(" ")}`),
    trialJobEnd: ({ trialJobId, succeeded }) => void calls.push(`job ${trialJobId} ${succeeded}`),
  };
}

/** A job that reports a curve for each phase, by parameter index, and then the last of it, unless it is stopped. */
function curves(
  byIndex: readonly (readonly number[])[],
  heard: string[] = [],
): NonNullable<WorldOptions["trial"]> {
  return async (experiment: Experiment, { trialJobId, env }) => {
    for (let index = Number(env["POLYPHASE_PARAMETER_INDEX"]); ; index++) {
      const answer = await experiment.requestParameters(trialJobId, index);
      if (answer.kind !== "parameters") return;
      const curve = byIndex[index] as readonly number[];
      const stopped = await reportCurve(experiment, trialJobId, index, curve);
      heard.push(`${index} ${stopped ? "stopped" : "finished"}`);
      if (!stopped)
        await experiment.reportFinalResult(trialJobId, {
          parameterIndex: index,
          value: curve.at(-1) as number,
        });
    }
  };
}

async function reportCurve(
  experiment: Experiment,
  trialJobId: string,
  parameterIndex: number,
  curve: readonly number[],
): Promise<boolean> {
  for (const [sequence, value] of curve.entries()) {
    const { phase } = await experiment.reportIntermediateResult(trialJobId, {
      parameterIndex,
      sequence,
      value,
    });
    if (phase === "stopped") return true;
  }
  return false;
}

const judged = (made: World): string[] =>
  [...made.experiment.state.phases.values()].map(
    ({ parameterId, outcome, value, stoppedBy }) => `${parameterId} ${outcome} ${String(value)} ${stoppedBy}`,
  );

test("each phase of a job is judged by its own curve, and the job goes on after one that was stopped", async () => {
  const assessor = noting();
  const tuner = countingTuner();
  const heard: string[] = [];
  const made = world({
    tuner,
    makeAssessor: () => assessor,
    config: { maxPhaseNum: 3 },
    trial: curves([[1, 2], [3, -1, 5], [4]], heard),
  });
  expect(await made.experiment.ended).toBe("DONE");
  expect(heard).toEqual(["0 finished", "1 stopped", "2 finished"]);
  expect(judged(made)).toEqual(["0 succeeded 2 null", "1 stopped 3 assessor", "2 succeeded 4 null"]);
  expect(assessor.calls).toEqual([
    "assess 0 job0 0: 1",
    "assess 0 job0 0: 1 2",
    "end 0 succeeded 2: 1 2",
    "assess 1 job0 1: 3",
    "assess 1 job0 1: 3 -1",
    "end 1 stopped 3: 3 -1",
    "assess 2 job0 2: 4",
    "end 2 succeeded 4: 4",
    "job job0 true",
  ]);
  expect(tuner.calls).toContain("result 1 job0 stopped 3");
});

test("without multiPhase the job of a phase that was stopped is cancelled", async () => {
  const made = world({
    makeAssessor: noting,
    config: { multiPhase: false, maxTrialNum: 1 },
    trial: async (experiment, { trialJobId }, signal) => {
      await experiment.requestParameters(trialJobId, 0);
      await reportCurve(experiment, trialJobId, 0, [1, -1]);
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    },
  });
  expect(await made.experiment.ended).toBe("DONE");
  expect(made.experiment.state.trialJobs.get("job0")).toMatchObject({ status: "cancelled" });
  expect(judged(made)).toEqual(["0 stopped 1 assessor"]);
});

test("a slow assessor does not hold the trial up for more than a second; the verdict comes with a later report", async () => {
  const verdict = gate<boolean>();
  const heard: string[] = [];
  const made = world({
    makeAssessor: () => ({ assessPhase: (_phase, curve) => (curve.length === 1 ? verdict.opened : true) }),
    config: { maxPhaseNum: 1 },
    trial: async (experiment, { trialJobId }) => {
      const report = async (sequence: number): Promise<void> => {
        const { phase } = await experiment.reportIntermediateResult(trialJobId, {
          parameterIndex: 0,
          sequence,
          value: 1,
        });
        heard.push(phase);
        if (sequence === 0) verdict.open(false);
      };
      await experiment.requestParameters(trialJobId, 0);
      await report(0);
      await report(1);
    },
  });
  await quiet();
  expect(heard).toEqual([]);
  await made.clock.advance(1_000);
  expect(heard).toEqual(["running", "stopped"]);
  expect(await made.experiment.ended).toBe("DONE");
});

test("after a restart the assessor has heard everything again, and a verdict that was not written down is given again", async () => {
  let experiment: Experiment | undefined = undefined;
  const service = functionTrainingService(async ({ trialJobId }) => {
    const living = experiment as unknown as Experiment;
    await living.requestParameters(trialJobId, 0);
    void living.reportIntermediateResult(trialJobId, { parameterIndex: 0, sequence: 0, value: -2 });
    await new Promise(() => {});
  });
  const undecided = { assessPhase: () => new Promise<boolean>(() => {}) };
  const first = world({ service, makeAssessor: () => undecided, config: { maxPhaseNum: 2 } });
  experiment = first.experiment;
  await quiet();
  const assessor = noting();
  const { journal, clock } = first;
  const made = world({ journal, clock, service, recover: true, makeAssessor: () => assessor });
  await quiet();
  expect(assessor.calls[0]).toBe("assess 0 job0 0: -2");
  expect(judged(made)[0]).toBe("0 stopped -2 assessor");
});

test("an assessor that throws pauses the experiment; one that is mended hears the history and goes on", async () => {
  const assessors = [throwing("the curve is crooked"), noting()];
  const made = world({
    makeAssessor: () => assessors.shift() as Assessor,
    onTunerFailure: "pause",
    config: { maxPhaseNum: 2 },
    trial: curves([
      [1, 2],
      [3, -1],
    ]),
  });
  await quiet();
  expect(made.experiment.state).toMatchObject({ status: "PAUSED", pauseCause: "assessor" });
  expect(made.experiment.state.statusReason).toMatch(
    /^the assessor failed in assessPhase: the curve is crooked \(/,
  );
  await made.experiment.unpause();
  expect(await made.experiment.ended).toBe("DONE");
  expect(judged(made)).toEqual(["0 succeeded 2 null", "1 stopped 3 assessor"]);
});

test("what is no verdict is the assessor's fault, and ends an experiment that nobody can mend", async () => {
  const made = world({
    makeAssessor: () => ({ assessPhase: () => "good" as unknown as boolean }),
    trial: curves([[1]]),
  });
  await quiet();
  expect(made.experiment.state.status).toBe("ERROR");
  expect(made.experiment.state.statusReason).toBe(
    'the assessor failed in assessPhase: expected true or false, got "good"',
  );
});

function throwing(message: string): Assessor {
  return {
    assessPhase() {
      throw new Error(message);
    },
  };
}
