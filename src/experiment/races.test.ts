/** Things that happen at the same time, and things that go wrong in between. */
import { describe, expect, test } from "vitest";
import { memoryJournal } from "../journal/index.ts";
import type { Journal } from "../journal/index.ts";
import type { JournalRecord, Json, Proposal, Tuner } from "../model/index.ts";
import type { ParametersAnswer } from "../model/http.ts";
import { codeOf, countingTuner, gate, quiet, virtualClock, world } from "../../tests/support/world.ts";
import { puppetService } from "../../tests/support/puppet-service.ts";
import type { PuppetService } from "../../tests/support/puppet-service.ts";

type Options = Parameters<typeof world>[0];
type Puppets = ReturnType<typeof world> & { readonly service: PuppetService };

/** An experiment whose training service does what the test says, and nothing by itself. */
async function puppets(options: Options = {}, service = puppetService()): Promise<Puppets> {
  const made = world({ ...options, service });
  await quiet();
  return { ...made, service };
}

/** The same with one job that runs. */
async function running(options: Options = {}, service = puppetService()): Promise<Puppets & { job: string }> {
  const made = await puppets(options, service);
  const job = [...made.experiment.state.trialJobs.keys()][0] as string;
  service.start(job);
  await quiet();
  return { ...made, job };
}

const kindsOf = (journal: Journal): string[] => [...journal.read()].map(({ record }) => record.kind);

function recordsOf<Kind extends JournalRecord["kind"]>(
  journal: Journal,
  kind: Kind,
): Extract<JournalRecord, { kind: Kind }>[] {
  return [...journal.read()].flatMap(({ record }) =>
    record.kind === kind ? [record as Extract<JournalRecord, { kind: Kind }>] : [],
  );
}

/** A journal with the same records, as a killed manager leaves it. */
function copyOf(journal: Journal): Journal {
  const copy = memoryJournal();
  copy.append([...journal.read()].map(({ record }) => record));
  return copy;
}

const settledYet = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  await quiet();
  return settled;
};

describe("stopping while the training service is at work", () => {
  test("a job whose submission is under way is cancelled before the experiment counts as ended", async () => {
    const service = puppetService();
    const { experiment } = await puppets({}, service);
    expect(service.submitted).toEqual(["job0/0"]);
    const stopped = experiment.stop("enough");
    expect(await settledYet(stopped)).toBe(false);
    service.start("job0");
    await stopped;
    expect(service.cancelled).toEqual(["job0/0"]);
    expect(experiment.state.trialJobs.get("job0")?.status).toBe("cancelled");
  });

  test("also without a grace period: a job that is just being started is not given up, and left behind", async () => {
    const service = puppetService();
    const { experiment, clock } = await puppets({ config: { gracePeriodMs: 0 } }, service);
    const stopped = experiment.stop("enough");
    await clock.advance(1_000);
    expect(await settledYet(stopped)).toBe(false);
    service.start("job0");
    await stopped;
    expect(service.cancelled).toEqual(["job0/0"]);
  });

  test("a submission that fails while its job is being cancelled ends the job", async () => {
    const service = puppetService();
    const { experiment, journal } = await puppets({}, service);
    const stopped = experiment.stop("enough");
    await quiet();
    service.refuse("job0", new Error("no room"));
    await stopped;
    expect(recordsOf(journal, "trial-job-ended")).toHaveLength(1);
    expect(recordsOf(journal, "phase-ended")).toHaveLength(1);
  });

  test("who cancels a job that is being cancelled waits for its end too", async () => {
    const release = gate();
    const { experiment, job } = await running({}, puppetService({ cancel: () => release.opened }));
    const first = experiment.cancelTrialJob(job, "user");
    const second = experiment.cancelTrialJob(job, "user");
    expect(await settledYet(second)).toBe(false);
    release.open();
    await Promise.all([first, second]);
    expect(experiment.state.trialJobs.get(job)?.status).toBe("cancelled");
  });

  test("a cancellation that failed is tried again when a person asks again, and by stop", async () => {
    let reachable = false;
    const service = puppetService({
      cancel: () => (reachable ? Promise.resolve() : Promise.reject(new Error("the host is away"))),
    });
    const { experiment, job } = await running({ config: { maxTrialNum: 2 } }, service);
    expect(await codeOf(experiment.cancelTrialJob(job, "user"))).toBe("cancel-failed");
    expect(await codeOf(experiment.cancelTrialJob(job, "user"))).toBe("cancel-failed");
    reachable = true;
    await experiment.stop("enough");
    expect(experiment.state.trialJobs.get(job)?.status).toBe("cancelled");
  });

  test("a job that cannot be watched any more is cancelled, so that no process is left behind", async () => {
    const { experiment, job, service } = await running({ config: { maxTrialNum: 1 } });
    service.loseSight(job, new Error("connection reset"));
    expect(await experiment.ended).toBe("DONE");
    expect(service.cancelled).toEqual([`${job}/0`]);
    expect(experiment.state.trialJobs.get(job)).toMatchObject({
      status: "failed",
      reason: "connection reset",
    });
  });

  test("a job that a killed manager may have started without writing it down is found again and ended", async () => {
    const first = await puppets();
    expect(first.service.submitted).toEqual(["job0/0"]);
    const service = puppetService();
    const second = world({ recover: true, journal: copyOf(first.journal), service });
    const stopped = second.experiment.stop("at once");
    expect(await settledYet(stopped)).toBe(false);
    expect(service.submitted).toEqual(["job0/0"]);
    service.start("job0");
    await stopped;
    expect(service.cancelled).toEqual(["job0/0"]);
    expect(recordsOf(second.journal, "phase-ended")).toMatchObject([{ outcome: "cancelled" }]);
  });

  test("after an error, a job that was not submitted yet is not waited for", async () => {
    const think = gate();
    const counting = countingTuner();
    const tuner: Tuner = {
      ...counting,
      async generateParameters(id, request) {
        if (id === 2) await think.opened;
        return counting.generateParameters(id, request);
      },
      receiveTrialResult({ value }) {
        if (value === 1) throw new Error("singular");
      },
    };
    const { experiment, service } = await puppets({ tuner, config: { trialConcurrency: 2 } });
    for (const job of ["job0", "job1"]) service.start(job);
    await quiet();
    await experiment.cancelTrialJob("job1", "user");
    await quiet();
    // In one turn the tuner answers for a new job, and fails on what it hears next.
    await experiment.requestParameters("job0", 0);
    await experiment.reportFinalResult("job0", { parameterIndex: 0, value: 1 });
    think.open();
    await quiet();
    expect(experiment.state.status).toBe("ERROR");
    expect(experiment.state.trialJobs.get("job2")?.status).toBe("cancelled");
    expect(service.submitted).toEqual(["job0/0", "job1/0"]);
  });
});

describe("a phase ends exactly once", () => {
  test("also when the experiment is stopped while its job waits to be started again", async () => {
    const service = puppetService();
    const { experiment, journal, clock } = await running(
      { config: { maxTrialNum: 1, maxTrialRetries: 1, phaseTimeoutMs: 10_000 } },
      service,
    );
    await experiment.requestParameters("job0", 0);
    service.end("job0", { kind: "failed", reason: "preempted", exitCode: 1 });
    await clock.advance(20_000);
    const stopped = experiment.stop("enough");
    service.start("job0");
    await stopped;
    expect(recordsOf(journal, "phase-ended")).toMatchObject([{ outcome: "cancelled" }]);
    expect(service.cancelled).toEqual(["job0/1"]);
  });

  test("its clock starts anew with each attempt of its job, when that has the parameters in hand", async () => {
    const { experiment, job, service, clock } = await running({
      config: { maxTrialNum: 1, maxTrialRetries: 1, phaseTimeoutMs: 10_000, maxPhaseNum: 2 },
    });
    await experiment.requestParameters(job, 0);
    await experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 });
    await experiment.requestParameters(job, 1);
    await clock.advance(8_000);
    service.end(job, { kind: "failed", reason: "preempted", exitCode: 1 });
    await clock.advance(60_000); // in the line for a GPU
    service.start(job);
    expect(await codeOf(experiment.reportFinalResult(job, { parameterIndex: 1, value: 2 }))).toBe(
      "no-such-phase",
    );
    expect(await experiment.requestParameters(job, 1)).toMatchObject({ kind: "parameters", parameterId: 1 });
    await clock.advance(9_000);
    await experiment.reportFinalResult(job, { parameterIndex: 1, value: 2 });
    expect(experiment.state.phases.get(1)).toMatchObject({ outcome: "succeeded", value: 2 });
  });

  test("a job that ends while the tuner thinks gets a phase that is cancelled, and the tuner hears of it", async () => {
    const think = gate();
    const tuner = countingTuner();
    const slow: Tuner = {
      ...tuner,
      async generateParameters(id, request) {
        if (id === 1) await think.opened;
        return tuner.generateParameters(id, request);
      },
    };
    const { experiment, job, service } = await running({ tuner: slow, config: { maxTrialNum: 1 } });
    await experiment.requestParameters(job, 0);
    await experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 });
    const asked = codeOf(experiment.requestParameters(job, 1));
    await quiet();
    service.end(job, { kind: "failed", reason: "killed", exitCode: null });
    expect(await asked).toBe("trial-job-ended");
    think.open();
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.phases.get(1)?.outcome).toBe("cancelled");
    expect(tuner.calls.slice(-2)).toEqual([`result 1 ${job} cancelled null`, `end 1 ${job} cancelled`]);
  });
});

describe("jobs on their way out get nothing more", () => {
  test("a job whose phase ran out of time is told no more while it is being cancelled", async () => {
    const release = gate();
    const { experiment, job, clock } = await running(
      { config: { maxTrialNum: 1, phaseTimeoutMs: 1_000 } },
      puppetService({ cancel: () => release.opened }),
    );
    await experiment.requestParameters(job, 0);
    await clock.advance(1_000);
    expect(await experiment.requestParameters(job, 1)).toMatchObject({
      kind: "no-more",
      reason: expect.stringContaining("being cancelled") as string,
    });
    release.open();
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.phases.size).toBe(1);
  });

  test("a job that ends with an error after no more is not started again", async () => {
    const { experiment, job, service } = await running({
      config: { maxTrialNum: 1, maxTrialRetries: 5, maxPhaseNum: 1 },
    });
    await experiment.requestParameters(job, 0);
    await experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 });
    expect((await experiment.requestParameters(job, 1)).kind).toBe("no-more");
    service.end(job, { kind: "failed", reason: "exit code 1", exitCode: 1 });
    expect(await experiment.ended).toBe("DONE");
    expect(service.submitted).toEqual([`${job}/0`]);
  });

  test("a question that still waits when the time limit falls is not put to the tuner", async () => {
    const tuner = countingTuner();
    const waiting: Tuner = {
      ...tuner,
      generateParameters: (id, request) =>
        id === 2 ? { kind: "wait" } : tuner.generateParameters(id, request),
    };
    const clock = virtualClock();
    const { experiment, service } = await puppets({
      tuner: waiting,
      clock,
      config: { trialConcurrency: 2, maxTrialNum: 2, maxExecDurationMs: 10_000 },
    });
    for (const job of ["job0", "job1"]) service.start(job);
    await quiet();
    for (const job of ["job0", "job1"]) await experiment.requestParameters(job, 0);
    await experiment.reportFinalResult("job0", { parameterIndex: 0, value: 1 });
    const held = experiment.requestParameters("job0", 1);
    await quiet();
    // The phase that could end the wait ends in the very turn in which the time is over.
    const report = experiment.reportFinalResult("job1", { parameterIndex: 0, value: 2 });
    await clock.advance(10_000);
    await report;
    expect((await held).kind).toBe("no-more");
    await quiet();
    expect(experiment.state.counts.running).toBe(0);
  });
});

describe("time", () => {
  test("a manager that was away does not fail phases for it: phaseTimeout counts from its return", async () => {
    const first = await running({ config: { phaseTimeoutMs: 10_000, maxPhaseNum: 1 } });
    await first.experiment.requestParameters(first.job, 0);
    await quiet();
    const second = await puppets({
      recover: true,
      journal: copyOf(first.journal),
      clock: virtualClock(first.clock.now() + 3_600_000),
    });
    expect(
      await codeOf(second.experiment.reportFinalResult(first.job, { parameterIndex: 0, value: 1 })),
    ).toBe("accepted");
    expect(second.experiment.state.counts.succeeded).toBe(1);
  });

  test("nor does it cancel idle jobs that could not ask it", async () => {
    const first = await running({ config: { maxPhaseNum: 1, gracePeriodMs: 5_000 } });
    await first.experiment.requestParameters(first.job, 0);
    await first.experiment.reportFinalResult(first.job, { parameterIndex: 0, value: 1 });
    const second = await puppets({
      recover: true,
      journal: copyOf(first.journal),
      clock: virtualClock(first.clock.now() + 3_600_000),
    });
    expect((await second.experiment.requestParameters(first.job, 1)).kind).toBe("no-more");
    expect(second.service.cancelled).toEqual([]);
    await second.clock.advance(5_000);
    expect(second.service.cancelled).toEqual([`${first.job}/0`]);
  });

  test("maxExecDuration counts the time of all sessions, and none in which no manager was there", async () => {
    const config = { maxExecDurationMs: 10_000, gracePeriodMs: 1_000 };
    const first = await running({ config });
    await first.experiment.requestParameters(first.job, 0);
    await first.clock.advance(6_000);
    await first.experiment.reportFinalResult(first.job, { parameterIndex: 0, value: 1 });
    const second = await puppets({
      recover: true,
      journal: copyOf(first.journal),
      clock: virtualClock(first.clock.now() + 3_600_000),
    });
    await second.clock.advance(3_999);
    expect((await second.experiment.requestParameters(first.job, 1)).kind).toBe("parameters");
    await second.clock.advance(1);
    expect(second.experiment.state.status).toBe("NO_MORE_TRIAL");
    await second.clock.advance(1_000);
    expect(await second.experiment.ended).toBe("DONE");
  });

  test("a tuner that never answers does not outlast the time limit and its grace period", async () => {
    const tuner: Tuner = { ...countingTuner(), generateParameters: () => new Promise(() => {}) };
    const { experiment, clock } = await puppets({
      tuner,
      config: { maxExecDurationMs: 10_000, gracePeriodMs: 1_000 },
    });
    await clock.advance(10_999);
    expect(experiment.state.status).not.toBe("DONE");
    await clock.advance(1);
    expect(await experiment.ended).toBe("DONE");
    expect(experiment.state.statusReason).toContain("maxExecDuration");
  });

  test("ten jobs in a row whose phase runs out of time end the experiment too", async () => {
    const { experiment, clock } = world({
      config: { phaseTimeoutMs: 1_000 },
      trial: async (made, job, signal) => {
        await made.requestParameters(job.trialJobId, 0);
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      },
    });
    await clock.advance(60_000);
    expect(experiment.state.status).toBe("ERROR");
    expect(experiment.state.statusReason).toContain("phaseTimeout");
    expect(experiment.state.trialJobs.size).toBe(10);
  });

  test("nothing is done again and again while time stands still", async () => {
    let turns = 0;
    const clock = virtualClock();
    const counted = {
      ...clock,
      alarm: (at: number, ring: () => void) => (turns++, clock.alarm(at, ring)),
    };
    const { experiment, job } = await running({
      clock: counted,
      config: { phaseTimeoutMs: 1_000, maxExecDurationMs: 5_000, gracePeriodMs: 0, maxTrialNum: 1 },
    });
    await experiment.requestParameters(job, 0);
    await clock.advance(100_000);
    await experiment.ended;
    expect(turns).toBeLessThan(30);
  });
});

describe("the tuner", () => {
  test("a wait is asked again when a phase has ended, not when anything else has happened", async () => {
    const { experiment, think, asked } = await thoughtful();
    for (let sequence = 0; sequence < 5; sequence++)
      await experiment.reportIntermediateResult("job0", { parameterIndex: 0, sequence, value: 1 });
    think.open({ kind: "wait" });
    await quiet();
    expect(asked()).toBe(1);
    await experiment.reportFinalResult("job0", { parameterIndex: 0, value: 1 });
    await quiet();
    expect(asked()).toBe(2);
  });

  test("a wait that was answered while a phase ended is asked again at once", async () => {
    const { experiment, think, asked } = await thoughtful();
    await experiment.reportFinalResult("job0", { parameterIndex: 0, value: 1 });
    think.open({ kind: "wait" });
    await quiet();
    expect(asked()).toBe(2);
  });

  test("a resumed one is asked in the same batches as in its first life", async () => {
    const batches: number[][] = [];
    let told = 0;
    const batching = (): Tuner => ({
      ...countingTuner(),
      generateMultipleParameters: (requests) => {
        batches.push(requests.map((request) => request.parameterId));
        return requests.map(({ parameterId, trialJobId }) =>
          trialJobId === "job0" && told === 0
            ? { kind: "wait" }
            : { kind: "parameters", parameters: { x: parameterId } },
        );
      },
      generateParameters: (parameterId) => {
        batches.push([parameterId]);
        return { kind: "parameters", parameters: { x: parameterId } };
      },
      receiveTrialResult: () => void (told += 1),
    });
    const first = await puppets({ tuner: batching(), config: { trialConcurrency: 3 } });
    expect(batches).toEqual([[0, 1, 2]]);
    for (const job of ["job1", "job2"]) first.service.start(job);
    await quiet();
    await first.experiment.requestParameters("job1", 0);
    await first.experiment.reportFinalResult("job1", { parameterIndex: 0, value: 1 });
    await quiet();
    expect(batches).toEqual([[0, 1, 2], [0]]);
    batches.length = 0;
    await puppets({ tuner: batching(), recover: true, journal: copyOf(first.journal) });
    expect(batches.slice(0, 2)).toEqual([[1, 2], [0]]);
  });

  test("parameters are kept as they were proposed, whatever becomes of the tuner's own object", async () => {
    const shared: { x: Json } = { x: 1 };
    const tuner: Tuner = {
      ...countingTuner(),
      generateParameters: (): Proposal => ({ kind: "parameters", parameters: shared }),
    };
    const { experiment, job } = await running({ tuner });
    shared.x = 2;
    expect(await experiment.requestParameters(job, 0)).toMatchObject({ parameters: { x: 1 } });
  });
});

/** Two jobs; job0 has a phase, job1 has asked for its second one, over which the tuner thinks until `think` opens. */
async function thoughtful(): Promise<
  Puppets & { think: ReturnType<typeof gate<Proposal>>; asked(): number }
> {
  const tuner = countingTuner();
  const think = gate<Proposal>();
  let asked = 0;
  const made = await puppets({
    config: { trialConcurrency: 2 },
    tuner: {
      ...tuner,
      generateParameters(id, request) {
        if (request.parameterIndex === 0) return tuner.generateParameters(id, request);
        asked++;
        return think.opened;
      },
    },
  });
  for (const job of ["job0", "job1"]) {
    made.service.start(job);
    await quiet();
    await made.experiment.requestParameters(job, 0);
  }
  await made.experiment.reportFinalResult("job1", { parameterIndex: 0, value: 1 });
  void made.experiment.requestParameters("job1", 1);
  await quiet();
  return { ...made, think, asked: () => asked };
}

describe("long and large", () => {
  test("a phase with 200,000 intermediate results can be stopped", async () => {
    const { experiment, job } = await running();
    await experiment.requestParameters(job, 0);
    let last: Promise<unknown> = Promise.resolve();
    for (let sequence = 0; sequence < 200_000; sequence++) {
      last = experiment.reportIntermediateResult(job, { parameterIndex: 0, sequence, value: sequence });
    }
    await last;
    await experiment.stopPhase(0, "enough");
    expect(experiment.state.phases.get(0)?.value).toBe(199_999);
  });
});

describe("when something of ours fails", () => {
  test("a listener that throws harms nobody: acknowledgements go out, other listeners hear, and it is logged", async () => {
    const { experiment, job, logs } = await running();
    let heard = 0;
    experiment.subscribe(() => {
      throw new Error("page closed");
    });
    experiment.subscribe((records) => void (heard += records.length));
    await experiment.requestParameters(job, 0);
    await experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 });
    expect(heard).toBe(2);
    expect(logs.join()).toContain("page closed");
  });

  test("what a listener changes is told to the tuner before anything is asked that comes of it", async () => {
    const tuner = countingTuner();
    const { experiment, job } = await running({ tuner });
    const answers: Promise<ParametersAnswer>[] = [];
    experiment.subscribe((records) => {
      if (!records.some(({ record }) => record.kind === "phase-started")) return;
      void experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 });
      answers.push(experiment.requestParameters(job, 1));
    });
    await experiment.requestParameters(job, 0);
    await quiet();
    expect((await (answers[0] as Promise<ParametersAnswer>)).kind).toBe("parameters");
    expect(tuner.calls.slice(-3)).toEqual([
      `result 0 ${job} succeeded 1`,
      `end 0 ${job} succeeded`,
      `generate 1 ${job} 1`,
    ]);
  });

  test("after the journal has failed nobody is shown what it does not hold", async () => {
    const full = memoryJournal();
    let room = true;
    const journal: Journal = {
      ...full,
      get lastSeq() {
        return full.lastSeq;
      },
      append(records) {
        if (!room) throw new Error("disk full");
        full.append(records);
      },
    };
    const { experiment, job } = await running({ journal });
    await experiment.requestParameters(job, 0);
    room = false;
    expect(await codeOf(experiment.reportFinalResult(job, { parameterIndex: 0, value: 1 }))).toBe(
      "journal-failed",
    );
    expect(await codeOf(experiment.settled())).toBe("journal-failed");
  });

  test("a manager that died between the records of one commit is recovered from", async () => {
    const first = await running();
    const upTo = kindsOf(first.journal).indexOf("phase-proposed");
    const journal = memoryJournal();
    journal.append([...first.journal.read()].slice(0, upTo).map(({ record }) => record));
    const { experiment, service } = await puppets({ recover: true, journal });
    service.start("job0");
    expect(await experiment.requestParameters("job0", 0)).toMatchObject({ kind: "parameters" });
    expect(await codeOf(experiment.reportFinalResult("job0", { parameterIndex: 0, value: 1 }))).toBe(
      "accepted",
    );
  });
});
