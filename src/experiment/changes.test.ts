/** People who change an experiment while it runs, and tuners that fail: on virtual time. */
import { describe, expect, test } from "vitest";
import { elapsedMs, fold, memoryJournal } from "../journal/index.ts";
import { PolyphaseError } from "../model/index.ts";
import type { Actor, Proposal, Tuner } from "../model/index.ts";
import { puppetService } from "../../tests/support/puppet-service.ts";
import { codeOf, countingTuner, quiet, virtualClock, world } from "../../tests/support/world.ts";
import type { World, WorldOptions } from "../../tests/support/world.ts";
import { systemClock } from "./index.ts";

const ada: Actor = { token: "admin", address: "127.0.0.1", agent: "test" };

/** Jobs whose processes do nothing by themselves: the test plays them. */
async function puppets(options: WorldOptions = {}): Promise<World & { jobs(): string[] }> {
  const made = world({
    ...options,
    trial: (_experiment, _job, signal) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
  });
  await quiet();
  return { ...made, jobs: () => [...made.experiment.state.trialJobs.keys()] };
}

/** Whether a promise is settled when all is quiet. */
async function isOpen(promise: Promise<unknown>): Promise<boolean> {
  let open = true;
  promise.finally(() => (open = false)).catch(() => {});
  await quiet();
  return open;
}

/** Takes the job's next phase and reports 1. */
async function onePhase({ experiment }: World, job: string, parameterIndex: number): Promise<unknown> {
  const answer = await experiment.requestParameters(job, parameterIndex);
  await experiment.reportFinalResult(job, { parameterIndex, value: 1 });
  return answer;
}

describe("a paused experiment", () => {
  test("hands nothing out and starts nothing; what runs goes on; afterwards the open requests are answered", async () => {
    const made = await puppets({ config: { trialConcurrency: 2, maxTrialNum: 4 } });
    const { experiment } = made;
    await experiment.requestParameters("job0", 0);
    await experiment.pause("lunch", ada);
    expect(experiment.state).toMatchObject({ status: "PAUSED", statusReason: "lunch", pauseCause: "person" });
    expect(await experiment.reportFinalResult("job0", { parameterIndex: 0, value: 3 })).toEqual({
      phase: "succeeded",
    });
    const next = experiment.requestParameters("job0", 1);
    expect(await isOpen(next)).toBe(true);
    await experiment.cancelTrialJob("job1", "user");
    await quiet();
    expect(made.jobs()).toHaveLength(2);
    await experiment.unpause(ada);
    expect(await next).toMatchObject({ kind: "parameters", parameterIndex: 1 });
    await quiet();
    expect(experiment.state.status).toBe("RUNNING");
    expect(made.jobs()).toHaveLength(3);
  });

  test("does not spend its time limit, nor cancel idle jobs", async () => {
    const made = await puppets({ config: { maxExecDurationMs: 10_000, gracePeriodMs: 1_000 } });
    const { experiment, clock } = made;
    await onePhase(made, "job0", 0);
    await clock.advance(6_000);
    await experiment.pause("night");
    const next = experiment.requestParameters("job0", 1);
    await clock.advance(1_000_000);
    expect(elapsedMs(experiment.state, clock.now())).toBe(6_000);
    await experiment.unpause();
    expect(await next).toMatchObject({ kind: "parameters" });
    await clock.advance(3_999);
    expect(experiment.state.status).toBe("RUNNING");
    await clock.advance(1);
    expect(experiment.state.status).toBe("NO_MORE_TRIAL");
  });

  test("stays paused when its manager is killed, and says again what it said", async () => {
    const first = await puppets();
    await first.experiment.pause("lunch");
    const { experiment } = await puppets({ journal: first.journal, recover: true });
    expect(experiment.state).toMatchObject({ status: "PAUSED", statusReason: "lunch", pauseCause: "person" });
    await experiment.pause("again");
    expect(experiment.state.statusReason).toBe("lunch");
  });

  test("can be stopped", async () => {
    const { experiment } = await puppets();
    await experiment.pause("lunch");
    await experiment.stop("enough");
    expect(await experiment.ended).toBe("STOPPED");
    expect(await codeOf(experiment.pause("no"))).toBe("experiment-ended");
  });
});

describe("changed while it runs", () => {
  test("trialConcurrency raised: more jobs; lowered: as many as are too many hear no more, with the reason", async () => {
    const made = await puppets({ config: { trialConcurrency: 1 } });
    const { experiment } = made;
    await experiment.update({ trialConcurrency: 4 });
    await quiet();
    expect(made.jobs()).toHaveLength(4);
    await experiment.update({ trialConcurrency: 2 });
    const answers = await Promise.all(
      made.jobs().map(async (job) => {
        await onePhase(made, job, 0);
        return experiment.requestParameters(job, 1);
      }),
    );
    const refused = answers.filter((answer) => answer.kind === "no-more");
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ reason: "trialConcurrency was lowered to 2" });
    await quiet();
    expect(made.jobs()).toHaveLength(4);
  });

  test("a limit raised: an experiment that had nothing more to start goes on; lowered: it comes to its end", async () => {
    const made = await puppets({ config: { maxPhaseNum: 1 } });
    const { experiment } = made;
    await experiment.requestParameters("job0", 0);
    await quiet();
    expect(experiment.state.status).toBe("NO_MORE_TRIAL");
    await experiment.update({ maxPhaseNum: 3 });
    await quiet();
    expect(experiment.state.status).toBe("RUNNING");
    await experiment.reportFinalResult("job0", { parameterIndex: 0, value: 1 });
    expect(await experiment.requestParameters("job0", 1)).toMatchObject({ kind: "parameters" });
    await experiment.update({ maxPhaseNum: 2 });
    await experiment.reportFinalResult("job0", { parameterIndex: 1, value: 1 });
    expect(await experiment.requestParameters("job0", 2)).toEqual({
      kind: "no-more",
      reason: "maxPhaseNum (2) is reached",
    });
  });

  test("the search space: the tuner hears of it in its place, also when it hears its history again", async () => {
    const tuner = countingTuner();
    const made = await puppets({ tuner });
    await onePhase(made, "job0", 0);
    await made.experiment.update({ searchSpace: { y: { _type: "randint", _value: [0, 3] } } });
    await onePhase(made, "job0", 1);
    await quiet();
    const calls = [...tuner.calls];
    expect(calls.map((call) => call.split(" ")[0])).toEqual([
      "space",
      "generate",
      "result",
      "end",
      "space",
      "generate",
      "result",
      "end",
    ]);
    const again = countingTuner();
    await puppets({ journal: made.journal, recover: true, tuner: again });
    expect(again.calls.slice(0, calls.length)).toEqual(calls);
  });

  test("nothing new is no change; name, description and tags are changes of their own", async () => {
    const { experiment, journal } = await puppets();
    const before = journal.lastSeq;
    await experiment.update({ trialConcurrency: 1, tags: [], maxPhaseNum: null }, ada);
    expect(journal.lastSeq).toBe(before);
    await experiment.update({ tags: ["night"], experimentName: "second", description: "x" }, ada);
    expect(experiment.state.config).toMatchObject({
      tags: ["night"],
      experimentName: "second",
      description: "x",
    });
    expect(fold(journal.read())).toEqual(experiment.state);
  });
});

describe("parameters added by a person", () => {
  test("are the next request's answer; the tuner hears of the result as of a customized one, and is not asked", async () => {
    const customized: unknown[] = [];
    const tuner = {
      ...countingTuner(),
      receiveCustomizedTrialResult: (result: unknown) => void customized.push(result),
    };
    const made = await puppets({ tuner });
    const { experiment } = made;
    await onePhase(made, "job0", 0);
    expect(await experiment.addParameters({ x: 0.25 }, ada)).toEqual({ additionId: 0 });
    expect(await onePhase(made, "job0", 1)).toMatchObject({ parameters: { x: 0.25 }, parameterId: 1 });
    expect(experiment.state.phases.get(1)).toMatchObject({ origin: "person" });
    expect(experiment.state.additions.size).toBe(0);
    expect(await onePhase(made, "job0", 2)).toMatchObject({ parameters: { x: 2 } });
    expect(customized).toMatchObject([{ parameterId: 1, parameters: { x: 0.25 }, value: 1 }]);
    expect(tuner.calls.filter((call) => call.startsWith("generate 1"))).toEqual([]);
    expect(tuner.calls).toContain("end 1 job0 succeeded");
    const again = countingTuner();
    await puppets({ journal: made.journal, recover: true, tuner: again });
    expect(again.calls).toContain("result 1 job0 succeeded 1"); // has no method of its own for them
    expect(again.calls.filter((call) => call.startsWith("generate 1"))).toEqual([]);
  });

  test("are evaluated when the tuner waits, and when it has no more", async () => {
    const patient: Tuner = { ...countingTuner(), generateParameters: () => ({ kind: "wait" }) };
    const waiting = await puppets({
      tuner: patient,
      config: { trialConcurrency: 2, maxExecDurationMs: 60_000 },
    });
    expect(waiting.experiment.state.status).toBe("DONE"); // nothing could ever end the wait

    const made = await puppets({ tuner: countingTuner(1), config: { trialConcurrency: 2 } });
    await made.experiment.requestParameters("job0", 0);
    expect(made.experiment.state.status).toBe("TUNER_NO_MORE_TRIAL");
    await made.experiment.addParameters({ x: 9 });
    await quiet();
    expect(made.jobs()).toEqual(["job0", "job1"]);
    expect(await onePhase(made, "job1", 0)).toMatchObject({ parameters: { x: 9 } });
  });

  test("outlast a killed manager, and wait while the experiment is paused", async () => {
    const first = await puppets();
    await first.experiment.requestParameters("job0", 0);
    await first.experiment.addParameters({ x: 5 });
    await first.experiment.addParameters({ x: 6 });
    const made = await puppets({ journal: first.journal, recover: true });
    await made.experiment.pause("lunch");
    await made.experiment.unpause();
    const values = [...made.experiment.state.additions.values()];
    expect(values).toEqual([{ x: 6 }]); // the job of the first life has failed; a new one got x: 5
    expect(await onePhase(made, "job1", 0)).toMatchObject({ parameters: { x: 5 } });
  });

  test("are refused where a limit leaves no phase for them", async () => {
    const { experiment } = await puppets({ config: { maxPhaseNum: 2 } });
    await experiment.requestParameters("job0", 0);
    await experiment.addParameters({ x: 1 });
    expect(await codeOf(experiment.addParameters({ x: 2 }))).toBe("limit-reached");
    const single = await puppets({ config: { maxTrialNum: 1, multiPhase: false } });
    await single.experiment.requestParameters("job0", 0);
    expect(await codeOf(single.experiment.addParameters({ x: 2 }))).toBe("limit-reached");
  });
});

test("imported results are told to the tuner, once in each life", async () => {
  const imports: unknown[] = [];
  const tuner = { ...countingTuner(), importData: (rows: unknown) => void imports.push(rows) };
  const made = await puppets({ tuner });
  await made.experiment.importPoints([{ parameters: { x: 0.5 }, value: NaN }], ada);
  await made.experiment.importPoints([]);
  expect(made.experiment.state.importedCount).toBe(1);
  await puppets({ journal: made.journal, recover: true, tuner });
  expect(imports).toEqual([
    [{ parameters: { x: 0.5 }, value: NaN }],
    [{ parameters: { x: 0.5 }, value: NaN }],
  ]);
});

test("whatever a person changes is written down with who did it; what the manager does by itself is not", async () => {
  const made = await puppets({ config: { trialConcurrency: 2 } });
  const { experiment, clock } = made;
  await experiment.requestParameters("job0", 0);
  const at = clock.now();
  await experiment.pause("a", ada);
  await experiment.unpause(ada);
  await experiment.update({ maxPhaseNum: 9 }, ada);
  await experiment.addParameters({ x: 1 }, ada);
  await experiment.importPoints([{ parameters: {}, value: 1 }], ada);
  await experiment.stopPhase(0, "b", ada);
  await experiment.cancelTrialJob("job1", "user", ada);
  await experiment.pause("by itself");
  await experiment.stop("c", { by: ada });
  expect(experiment.state.actions).toEqual([
    { at, by: ada, action: "pause", details: { reason: "a" } },
    { at, by: ada, action: "unpause", details: {} },
    { at, by: ada, action: "update", details: { maxPhaseNum: 9 } },
    { at, by: ada, action: "add-parameters", details: { additionId: 0 } },
    { at, by: ada, action: "import", details: { rows: 1 } },
    { at, by: ada, action: "stop-phase", details: { parameterId: 0, reason: "b" } },
    { at, by: ada, action: "cancel-trial-job", details: { trialJobId: "job1" } },
    { at, by: ada, action: "stop", details: { reason: "c" } },
  ]);
});

describe("a tuner that fails", () => {
  /** Throws at its third proposal until it is mended. */
  function fragile(): { make(): Tuner; mend(): void; readonly tuners: ReturnType<typeof countingTuner>[] } {
    const tuners: ReturnType<typeof countingTuner>[] = [];
    let mended = false;
    return {
      tuners,
      mend: () => void (mended = true),
      make() {
        const good = countingTuner();
        tuners.push(good);
        return {
          ...good,
          generateParameters(id, request): Proposal {
            if (id === 2 && !mended) throw new Error("singular");
            return good.generateParameters(id, request) as Proposal;
          },
        };
      },
    };
  }

  test("pauses the experiment: nothing is lost, its jobs wait, and after it is mended all goes on", async () => {
    const { make, mend, tuners } = fragile();
    const made = await puppets({ makeTuner: make, onTunerFailure: "pause" });
    const { experiment } = made;
    await onePhase(made, "job0", 0);
    await onePhase(made, "job0", 1);
    const third = experiment.requestParameters("job0", 2);
    await quiet();
    expect(experiment.state).toMatchObject({ status: "PAUSED", pauseCause: "tuner" });
    expect(experiment.state.statusReason).toContain("the tuner failed in generateParameters: singular");
    await experiment.unpause();
    expect(await isOpen(third)).toBe(true);
    expect(experiment.state.status).toBe("PAUSED");
    mend();
    await experiment.unpause();
    expect(await third).toMatchObject({ kind: "parameters", parameterId: 2 });
    expect(tuners).toHaveLength(3);
    expect(tuners[2]?.calls).toEqual([...(tuners[0]?.calls ?? []), "generate 2 job0 2"]);
  });

  test("hears another search space, once a person has set one, in place of that which it could not take", async () => {
    const told: string[][] = [];
    function picky(): Tuner {
      const names: string[] = [];
      told.push(names);
      return {
        ...countingTuner(),
        updateSearchSpace(space) {
          names.push(...Object.keys(space));
          if ("bad" in space) throw new Error("what is bad?");
        },
      };
    }
    const made = await puppets({ makeTuner: picky, onTunerFailure: "pause" });
    const { experiment } = made;
    const set = async (name: string): Promise<void> => {
      await experiment.update({ searchSpace: { [name]: { _type: "uniform", _value: [0, 1] } } });
      await quiet();
    };
    await set("untried");
    await set("good");
    await onePhase(made, "job0", 0);
    await onePhase(made, "job0", 1);
    await set("bad");
    expect(experiment.state.status).toBe("PAUSED");
    await experiment.unpause();
    await quiet();
    expect(experiment.state.status).toBe("PAUSED");
    await set("better");
    await experiment.unpause();
    expect(await onePhase(made, "job0", 2)).toMatchObject({ parameterId: 2 });
    expect(told.at(-1)?.slice(-4)).toEqual(["untried", "good", "better", "better"]);
    const resumed = await puppets({ journal: made.journal, recover: true, makeTuner: picky });
    expect(resumed.experiment.state.status).toBe("RUNNING");
    expect(told.at(-1)?.slice(-4)).toEqual(["untried", "good", "better", "better"]);
  });

  test("what happens during the pause is told to the next tuner, once", async () => {
    const { make, mend, tuners } = fragile();
    const made = await puppets({ makeTuner: make, onTunerFailure: "pause", config: { trialConcurrency: 3 } });
    await quiet();
    expect(made.experiment.state.status).toBe("PAUSED");
    await made.experiment.importPoints([{ parameters: {}, value: 1 }]);
    mend();
    await made.experiment.unpause();
    await quiet();
    expect(made.jobs()).toHaveLength(3);
    await onePhase(made, "job0", 0);
    expect(tuners.at(-1)?.calls.filter((call) => call.startsWith("result"))).toHaveLength(1);
  });

  test("goes on by itself when the experiment is resumed; ends it with ERROR where nobody could mend it", async () => {
    const { make, mend } = fragile();
    const paused = await puppets({
      makeTuner: make,
      onTunerFailure: "pause",
      config: { trialConcurrency: 3 },
    });
    expect(paused.experiment.state.status).toBe("PAUSED");
    mend();
    const resumed = await puppets({ journal: paused.journal, recover: true, makeTuner: make });
    expect(resumed.experiment.state.status).toBe("RUNNING");
    const alone = await puppets({ makeTuner: fragile().make, config: { trialConcurrency: 3 } });
    expect(alone.experiment.state.status).toBe("ERROR");
  });
});

describe("recovered", () => {
  test("with other limits an experiment that was DONE goes on", async () => {
    const first = world({ config: { maxPhaseNum: 3 } });
    expect(await first.experiment.ended).toBe("DONE");
    const recovery = { changes: { maxPhaseNum: 5 }, by: ada };
    const { experiment } = world({ journal: first.journal, recover: true, recovery });
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.counts.succeeded).toBe(5);
    expect(experiment.state.actions).toMatchObject([{ action: "update", details: { maxPhaseNum: 5 } }]);
  });

  test("only to be stopped, whatever ran of it is cancelled and nothing is begun", async () => {
    const first = await puppets({ config: { trialConcurrency: 2 } });
    const service = puppetService();
    const { experiment } = world({
      journal: first.journal,
      recover: true,
      recovery: { stop: "left behind" },
      service,
    });
    expect(await experiment.ended).toBe("STOPPED");
    expect(service.submitted).toEqual([]);
    expect(service.cancelled).toHaveLength(2);
    expect(experiment.state.counts).toMatchObject({ running: 0, cancelled: 2 });
  });
});

describe("leases", () => {
  test("where no job could ever have its GPUs, the experiment ends, and says what to do about it", async () => {
    const refused = new PolyphaseError("gpu-not-available", "there are no GPUs", { hint: "Ask for none." });
    const service = { ...puppetService(), submit: () => Promise.reject(refused) };
    const { experiment } = world({ service, config: { maxTrialNum: 9 } });
    expect(await experiment.ended).toBe("ERROR");
    const { statusReason, lastFailure, trialJobs } = experiment.state;
    expect(statusReason).toBe("there are no GPUs. Ask for none.");
    expect(lastFailure).toContain(statusReason);
    expect(trialJobs.size).toBe(1);
  });

  test("a job that its training service neither accepts nor refuses fails, and what starts of it later is ended", async () => {
    const service = puppetService();
    const clock = virtualClock();
    const { experiment } = world({ service, clock, config: { maxTrialNum: 1 } });
    await quiet();
    await clock.advance(600_000);
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.counts.failed).toBe(1);
    expect(experiment.state.lastFailure).toContain("neither accepted nor refused");
    service.start("job0");
    await quiet();
    expect(service.cancelled).toEqual(["job0/0"]);
  });

  test("a stop does not wait longer than the grace period for a submission", async () => {
    const service = puppetService();
    const clock = virtualClock();
    const { experiment } = world({ service, clock, config: { gracePeriodMs: 5_000 } });
    await quiet();
    const stopped = experiment.stop("enough");
    await clock.advance(5_000);
    await stopped;
    expect(experiment.state.status).toBe("STOPPED");
  });

  test("time for which the process was stopped does not count", async () => {
    const clock = virtualClock();
    let awakeSince = 0;
    const sleeper = { ...clock, awakeSince: () => awakeSince };
    const made = await puppets({ clock: sleeper, config: { phaseTimeoutMs: 10_000 } });
    await made.experiment.requestParameters("job0", 0);
    awakeSince = clock.now() + 9_000;
    await clock.advance(10_000);
    expect(made.experiment.state.counts.running).toBe(1);
    await clock.advance(9_000);
    expect(made.experiment.state.counts.failed).toBe(1);
  });

  test("a wall clock that was put back between two managers does not put time back", () => {
    const tomorrow = Date.now() + 86_400_000;
    expect(systemClock(tomorrow).now()).toBeGreaterThanOrEqual(tomorrow);
    expect(Math.abs(systemClock(1_000).now() - Date.now())).toBeLessThan(60_000);
  });
});

test("a journal of people's changes is read back as it was written", async () => {
  const made = await puppets();
  await made.experiment.addParameters({ x: NaN });
  await made.experiment.update({ maxPhaseNum: 4 }, ada);
  const lines: string[] = [];
  const copy = memoryJournal(lines);
  copy.append([...made.journal.read()].map(({ record }) => record));
  expect(fold(copy.read())).toEqual(made.experiment.state);
});
