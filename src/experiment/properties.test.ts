/** What holds for every experiment, however trials, tuner, people and the machine behave: random runs on virtual time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apply, emptyState, fold, memoryJournal } from "../journal/index.ts";
import { seeded } from "../model/index.ts";
import type {
  ExperimentConfig,
  ExperimentState,
  ExperimentStatus,
  Fact,
  Json,
  JournalRecord,
  Proposal,
  Tuner,
} from "../model/index.ts";
import { cluster } from "../../tests/support/cluster.ts";
import type { Cluster, ClusterJob, ClusterOptions } from "../../tests/support/cluster.ts";
import { configOf } from "../../tests/support/world.ts";
import type { VirtualClock } from "../../tests/support/world.ts";
import type { Experiment } from "./index.ts";

/** A number in [0, 1) that depends on what is asked for alone, not on when. */
type Dice = (...question: (string | number)[]) => number;

function diceOf(seed: number): Dice {
  return (...question) => {
    let hash = seed ^ 0x811c9dc5;
    for (const byte of Buffer.from(question.join(" "))) hash = Math.imul(hash ^ byte, 0x01000193);
    return seeded(hash >>> 0).next();
  };
}

interface Scenario {
  readonly seed: number;
  readonly config: Partial<ExperimentConfig>;
  /** How often, from 0 to 1: processes that die, that hang, tuners that ask for patience ... */
  readonly trouble: {
    readonly die: number;
    readonly hang: number;
    readonly wait: number;
    readonly noMore: number;
    readonly fail: number;
    readonly slow: number;
  };
  readonly deaths: readonly { readonly commit: number; readonly when: "before" | "after" }[];
  readonly people: readonly { readonly at: number; readonly does: "stop" | "cancel" | "stop-phase" }[];
}

const chance = fc.constantFrom(0, 0, 0.02, 0.1, 0.3);
const limit = (max: number): fc.Arbitrary<number | null> =>
  fc.option(fc.integer({ min: 1, max }), { nil: null });

const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    trialConcurrency: fc.integer({ min: 1, max: 4 }),
    maxTrialNum: limit(6),
    maxPhaseNum: limit(15),
    maxPhasesPerTrial: limit(5),
    maxExecDurationMs: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: null }),
    phaseTimeoutMs: fc.option(fc.integer({ min: 100, max: 10_000 }), { nil: null }),
    gracePeriodMs: fc.constantFrom(0, 500, 5_000),
    maxTrialRetries: fc.constantFrom(0, 0, 1, 2),
    multiPhase: fc.constantFrom(true, true, true, false),
    optimizeMode: fc.constantFrom("maximize" as const, "minimize" as const),
    trouble: fc.record({
      die: chance,
      hang: chance,
      wait: chance,
      noMore: chance,
      fail: fc.constantFrom(0, 0, 0, 0.02),
      slow: fc.constantFrom(0, 0.5),
    }),
    deaths: fc.array(
      fc.record({
        commit: fc.integer({ min: 0, max: 60 }),
        when: fc.constantFrom("before" as const, "after" as const),
      }),
      { maxLength: 4 },
    ),
    people: fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 30_000 }),
        does: fc.constantFrom("cancel" as const, "stop-phase" as const, "cancel" as const, "stop" as const),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ seed, trouble, deaths, people, ...limits }) => ({
    seed,
    deaths,
    people,
    ...thatEnds(limits, trouble),
  }));

/** Without any limit an experiment may go on for ever; a process that hangs is ended by the time limit alone. */
function thatEnds(
  limits: Partial<ExperimentConfig>,
  trouble: Scenario["trouble"],
): Pick<Scenario, "config" | "trouble"> {
  const { maxExecDurationMs, maxPhaseNum } = limits;
  if (maxExecDurationMs !== null) return { config: limits, trouble };
  return { config: { ...limits, maxPhaseNum: maxPhaseNum ?? 12 }, trouble: { ...trouble, hang: 0 } };
}

/** Refusals that a process may meet through no fault of its own. */
const fairRefusals = ["trial-job-ended", "phase-ended", "token-superseded"];

interface Run {
  readonly status: ExperimentStatus;
  readonly state: ExperimentState;
  readonly made: Cluster;
  /** What was acknowledged: final results by `job/index`, and answers to requests. */
  readonly acknowledged: ReadonlyMap<string, Json>;
  readonly answers: ReadonlyMap<string, Json>;
  readonly faults: readonly string[];
  /** What each manager's tuner was told and asked. */
  readonly tuners: readonly (readonly TunerCall[])[];
}

type TunerCall =
  | {
      readonly kind: "ask";
      readonly parameterId: number;
      readonly trialJobId: string;
      readonly index: number;
    }
  | { readonly kind: "result" | "end"; readonly parameterId: number; readonly trialJobId: string };

async function play(scenario: Scenario, more: Partial<ClusterOptions> = {}): Promise<Run> {
  const dice = diceOf(scenario.seed);
  const acknowledged = new Map<string, Json>();
  const answers = new Map<string, Json>();
  const faults: string[] = [];
  const tuners: TunerCall[][] = [];
  const made: Cluster = cluster({
    config: scenario.config,
    makeTuner: (clock) => whimsicalTuner(scenario, dice, clock, tuners),
    process: (job) =>
      whimsicalProcess(job, { scenario, dice, acknowledged, answers, faults, durable: made.durable }),
    dies: (commit) => scenario.deaths.find((death) => death.commit === commit)?.when,
    delay: (what) => (dice("delay", what) < scenario.trouble.slow ? dice("ms", what) * 2_000 : 0),
    ...more,
  });
  for (const person of scenario.people) {
    made.clock.alarm(made.clock.now() + person.at, () => void interfere(made, person.does, dice));
  }
  const status = await made.run();
  const { state } = made.experiment as Experiment;
  return { status, state, made, acknowledged, answers, faults, tuners };
}

/** Answers by chance, which depends on what it has heard; a wait or no-more changes nothing inside. */
function whimsicalTuner(
  { trouble }: Scenario,
  dice: Dice,
  clock: VirtualClock,
  tuners: TunerCall[][],
): Tuner {
  const calls: TunerCall[] = [];
  tuners.push(calls);
  let heard = 0;
  return {
    updateSearchSpace: () => {},
    async generateParameters(parameterId, { trialJobId, parameterIndex: index }): Promise<Proposal> {
      calls.push({ kind: "ask", parameterId, trialJobId, index });
      const throws = dice("throw", parameterId) < trouble.fail;
      const whim = dice("whim", parameterId, heard);
      if (dice("think", parameterId, heard) < trouble.slow / 2)
        await new Promise<void>((resolve) => clock.alarm(clock.now() + 700, resolve));
      if (throws) throw new Error("singular");
      if (whim < trouble.wait) return { kind: "wait" };
      if (whim > 1 - trouble.noMore / 3) return { kind: "no-more" };
      return { kind: "parameters", parameters: { x: dice("x", parameterId) } };
    },
    receiveTrialResult({ parameterId, trialJobId }) {
      heard += 1;
      calls.push({ kind: "result", parameterId, trialJobId });
    },
    trialEnd: ({ parameterId, trialJobId }) => void calls.push({ kind: "end", parameterId, trialJobId }),
  };
}

interface Ground extends Pick<Run, "acknowledged" | "answers" | "faults"> {
  readonly scenario: Scenario;
  readonly dice: Dice;
  readonly acknowledged: Map<string, Json>;
  readonly answers: Map<string, Json>;
  readonly faults: string[];
  readonly durable: readonly JournalRecord[];
}

async function whimsicalProcess(job: ClusterJob, ground: Ground): Promise<void> {
  try {
    for (let index = job.firstIndex; await phaseOf(job, index, ground); index++);
  } catch (error) {
    const { code = "none", message } = error as { code?: string; message: string };
    if (message !== "crashed" && !fairRefusals.includes(code)) ground.faults.push(`${code}: ${message}`);
    throw error;
  }
}

/** One phase, done by chance in one of many ways; false: there was none, or the process goes home. */
async function phaseOf(job: ClusterJob, index: number, ground: Ground): Promise<boolean> {
  const { trialJobId, attempt } = job.spec;
  const { dice, faults } = ground;
  const { die, hang } = ground.scenario.trouble;
  const chance = (what: string): number => dice(what, trialJobId, attempt, index);
  const hung = (): Promise<void> =>
    new Promise((resolve) => job.signal.addEventListener("abort", () => resolve()));

  if (chance("die before") < die / 2) throw new Error("crashed");
  if (chance("hang before") < hang / 2) await hung();
  const ask = (): Promise<Json> =>
    job.call((experiment) =>
      experiment.requestParameters(trialJobId, index),
    ) as Promise<unknown> as Promise<Json>;
  const answered = chance("ask twice") < 0.2 ? await Promise.all([ask(), ask()]) : [await ask()];
  const [answer] = answered as [{ kind: string; reason?: string }];
  for (const same of answered) note(ground.answers, `${trialJobId}/${index}`, same, faults);
  if (answer.kind !== "parameters") {
    if (chance("linger") < hang) await hung();
    if (chance("bad end") < die) throw new Error("crashed");
    return false;
  }
  const intermediates = Math.floor(chance("intermediates") * 4);
  for (let sequence = 0; sequence < intermediates; sequence++) {
    const value = chance(`intermediate ${sequence}`) < 0.1 ? NaN : chance(`value ${sequence}`);
    await job.call((experiment) =>
      experiment.reportIntermediateResult(trialJobId, { parameterIndex: index, sequence, value }),
    );
    await job.sleep(chance(`step ${sequence}`) * 500);
  }
  await job.sleep(chance("work") * 3_000);
  if (chance("die") < die) throw new Error("crashed");
  if (chance("go home") < die / 2) return false;
  if (chance("hang") < hang) await hung();
  if (chance("forget to report") < 0.1) return true;
  await report(job, index, { ...ground, value: resultBy(chance("result")) });
  if (chance("ask for an old one") < 0.1) note(ground.answers, `${trialJobId}/${index}`, await ask(), faults);
  return true;
}

function resultBy(chance: number): Json {
  if (chance < 0.1) return NaN;
  if (chance < 0.2) return { default: chance, more: [null, "text"] };
  if (chance < 0.25) return "no number";
  return chance;
}

async function report(
  job: ClusterJob,
  parameterIndex: number,
  { value, ...ground }: Ground & { value: Json },
): Promise<void> {
  const { trialJobId, attempt } = job.spec;
  const send = (sent: Json): Promise<{ phase: string }> =>
    job.call((experiment) => experiment.reportFinalResult(trialJobId, { parameterIndex, value: sent }));
  const { phase } = await send(value);
  if (phase !== "succeeded") return;
  ground.acknowledged.set(`${trialJobId}/${parameterIndex}`, value);
  const isDurable = ground.durable.some(
    (record) =>
      record.kind === "phase-ended" && record.outcome === "succeeded" && Object.is(record.value, value),
  );
  if (!isDurable)
    ground.faults.push(`${trialJobId}/${parameterIndex} was acknowledged before it was durable`);
  if (ground.dice("again", trialJobId, attempt, parameterIndex) > 0.2) return;
  await send(value);
  const conflict = await send("another value").catch((error: unknown) => (error as { code: string }).code);
  if (conflict !== "result-conflict" && !fairRefusals.includes(String(conflict)))
    ground.faults.push(`another value for ${trialJobId}/${parameterIndex}: ${JSON.stringify(conflict)}`);
}

function note(answers: Map<string, Json>, key: string, answer: Json, faults: string[]): void {
  const text = JSON.stringify(answer);
  const before = answers.get(key);
  if (before !== undefined && JSON.stringify(before) !== text)
    faults.push(`${key} was answered ${text}, before ${JSON.stringify(before)}`);
  answers.set(key, answer);
}

async function interfere(made: Cluster, does: Scenario["people"][number]["does"], dice: Dice): Promise<void> {
  const { experiment } = made;
  if (!experiment) return;
  const { activeTrialJobs, phases } = experiment.state;
  if (does === "stop") return void experiment.stop("a person").catch(() => {});
  const jobs = [...activeTrialJobs];
  const job = jobs[Math.floor(dice("whom", made.clock.now()) * jobs.length)];
  if (does === "cancel" && job) return void experiment.cancelTrialJob(job, "user").catch(() => {});
  const running = [...phases.values()].find((phase) => phase.outcome === "running");
  if (does === "stop-phase" && running)
    void experiment.stopPhase(running.parameterId, "a person").catch(() => {});
}

// ---- what must hold ----

function expectSound(run: Run): void {
  const { status, state, made, faults } = run;
  expect(faults).toEqual([]);
  expect(made.alive).toEqual(new Set());
  expect(["DONE", "STOPPED", "ERROR"]).toContain(status);
  expect(state.status).toBe(status);
  expect(fold(memoryJournal(made.lines).read())).toEqual(state);
  expectEachEndsOnce(made);
  expectWithinLimits(state);
  for (const [key, value] of run.acknowledged) {
    const [job = "", index = ""] = key.split("/");
    const phase = state.phases.get(state.trialJobs.get(job)?.parameterIds[Number(index)] ?? -1);
    expect(phase).toMatchObject({ outcome: "succeeded", value });
  }
  for (const calls of run.tuners) expectInOrder(calls, state);
  expectHeardOfAll(run);
}

function expectEachEndsOnce({ lines }: Cluster): void {
  const seen = new Map<string, number>();
  for (const { record } of memoryJournal(lines).read()) {
    const of =
      "parameterId" in record
        ? record.parameterId
        : "trialJobId" in record
          ? record.trialJobId
          : "experiment";
    const key = `${record.kind} ${of}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const once = ["phase-proposed", "phase-ended", "trial-job-created", "trial-job-ended", "trial-job-no-more"];
  for (const [key, times] of seen)
    if (once.includes(key.split(" ")[0] as string)) expect([key, times]).toEqual([key, 1]);
  for (const [key] of seen) {
    const [kind, of] = key.split(" ");
    if (kind === "phase-proposed") expect(seen.get(`phase-ended ${of}`)).toBe(1);
    if (kind === "trial-job-created") expect(seen.get(`trial-job-ended ${of}`)).toBe(1);
  }
}

function expectWithinLimits({
  config,
  trialJobs,
  phases,
  counts,
  activeTrialJobs,
  nextParameterId,
}: ExperimentState): void {
  expect(counts.running).toBe(0);
  expect(activeTrialJobs.size).toBe(0);
  expect(trialJobs.size).toBeLessThanOrEqual(config.maxTrialNum ?? Infinity);
  expect(phases.size).toBeLessThanOrEqual(config.maxPhaseNum ?? Infinity);
  expect(nextParameterId).toBe(Math.max(-1, ...phases.keys()) + 1);
  for (const job of trialJobs.values()) {
    expect(job.parameterIds.length).toBeLessThanOrEqual(config.maxPhasesPerTrial ?? Infinity);
    if (!config.multiPhase) expect(job.parameterIds.length).toBeLessThanOrEqual(1);
    expect(job.attempt).toBeLessThanOrEqual(config.maxTrialRetries);
    job.parameterIds.forEach((id, parameterIndex) => {
      expect(phases.get(id)).toMatchObject({ trialJobId: job.id, parameterIndex });
    });
  }
}

/** Asked, then told the result, then the end; and each result before the next question of its job. */
function expectInOrder(calls: readonly TunerCall[], { trialJobs }: ExperimentState): void {
  const told = new Map<number, "asked" | "result" | "end">();
  for (const call of calls) {
    const { kind, parameterId, trialJobId } = call;
    if (kind === "ask") {
      const before = call.index === 0 ? undefined : trialJobs.get(trialJobId)?.parameterIds[call.index - 1];
      if (before !== undefined) expect([before, told.get(before)]).toEqual([before, "end"]);
      expect([parameterId, told.get(parameterId)]).not.toEqual([parameterId, "result"]);
      told.set(parameterId, "asked");
    } else {
      expect([parameterId, told.get(parameterId)]).toEqual([
        parameterId,
        kind === "result" ? "asked" : "result",
      ]);
      told.set(parameterId, kind);
    }
  }
}

/** The last manager's tuner has heard of all phases, once each (the order says that it is not twice). */
function expectHeardOfAll({ status, state, tuners }: Run): void {
  if (status !== "DONE") return; // nobody asks it any more: it hears the rest when the experiment is resumed
  const heard = (tuners.at(-1) ?? []).filter((call) => call.kind === "end").map((call) => call.parameterId);
  expect([...heard].sort((a, b) => a - b)).toEqual([...state.phases.keys()].sort((a, b) => a - b));
}

describe("any experiment", () => {
  test("ends; ends each phase once; tells the tuner in order; keeps to its limits; loses nothing when its manager is killed", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (chosen) => expectSound(await play(chosen))),
      { numRuns: 600 },
    );
  });
});

/** Learns, and draws as a seeded tuner does: each proposal depends on all calls before it. */
function learningTuner(calls: string[], think: () => Promise<void>): Tuner {
  let memory = 1;
  const learn = (what: number): number => (memory = seeded(memory * 1_000 + what).next() * 1_000_000);
  return {
    updateSearchSpace: () => {},
    async generateParameters(parameterId) {
      calls.push(`asked for ${parameterId}`);
      await think();
      return { kind: "parameters", parameters: { x: learn(parameterId) } };
    },
    receiveTrialResult({ parameterId, value }) {
      calls.push(`told of ${parameterId}`);
      learn(typeof value === "number" ? value : -1);
    },
  };
}

/** Reports what its parameters say, with an intermediate result on the way. */
async function honestProcess(job: ClusterJob): Promise<void> {
  const { trialJobId } = job.spec;
  for (let parameterIndex = job.firstIndex; ; parameterIndex++) {
    const answer = await job.call((experiment) => experiment.requestParameters(trialJobId, parameterIndex));
    if (answer.kind !== "parameters") return;
    const { x } = answer.parameters as { x: number };
    const intermediate = { parameterIndex, sequence: 0, value: x / 2 };
    await job.call((experiment) => experiment.reportIntermediateResult(trialJobId, intermediate));
    await job.sleep(x / 1_000);
    await job.call((experiment) => experiment.reportFinalResult(trialJobId, { parameterIndex, value: x }));
  }
}

/** `calls`: what its tuner, which needs some time, was asked for and told. */
function honest(config: Partial<ExperimentConfig>, lines: string[] = []): Cluster & { calls: string[] } {
  const calls: string[] = [];
  const made = cluster({
    config,
    lines,
    makeTuner: (clock) =>
      learningTuner(calls, () => new Promise((resolve) => clock.alarm(clock.now() + 300, resolve))),
    process: honestProcess,
  });
  return Object.assign(made, { calls });
}

const stateOf = (made: Cluster): ExperimentState => (made.experiment as Experiment).state;

/** Those of a tuner's calls that a journal knows of. */
function known(calls: readonly string[], { phases }: ExperimentState): string[] {
  return calls.filter((call) => {
    const phase = phases.get(Number(call.split(" ").at(-1)));
    return phase !== undefined && (call.startsWith("asked") || phase.outcome !== "running");
  });
}
const proposalsOf = (state: ExperimentState): Json[] =>
  Array.from(state.phases.values(), ({ trialJobId, parameters }) => [trialJobId, parameters]);

describe("an experiment whose manager is killed after any one of its records", () => {
  test("goes on with the proposals of the undisturbed run, where one job runs at a time", async () => {
    const config = { maxPhaseNum: 9, maxPhasesPerTrial: 4 };
    const undisturbed = honest(config);
    await undisturbed.run();
    const records = undisturbed.lines.length;
    for (let last = 1; last <= records; last++) {
      const resumed = honest(config, undisturbed.lines.slice(0, last));
      expect(await resumed.run()).toBe("DONE");
      expect([last, proposalsOf(stateOf(resumed))]).toEqual([last, proposalsOf(stateOf(undisturbed))]);
      expect(stateOf(resumed).counts).toEqual(stateOf(undisturbed).counts);
    }
  });

  test("finishes with everything that the record held, and its tuner hears it in the old order, where several run", async () => {
    const config = { maxPhaseNum: 14, maxPhasesPerTrial: 4, trialConcurrency: 3 };
    const recorded = honest(config);
    await recorded.run();
    for (let last = 1; last <= recorded.lines.length; last++) {
      const lines = recorded.lines.slice(0, last);
      const before = fold(memoryJournal([...lines]).read());
      const resumed = honest(config, lines);
      expect(await resumed.run()).toBe("DONE");
      const after = stateOf(resumed);
      expect(after.counts).toMatchObject({ running: 0, succeeded: 14 });
      for (const phase of before.phases.values()) {
        const { parameters, trialJobId, parameterIndex } = phase;
        const kept = phase.outcome === "running" ? {} : { outcome: phase.outcome, value: phase.value };
        expect(after.phases.get(phase.parameterId)).toMatchObject({
          parameters,
          trialJobId,
          parameterIndex,
          ...kept,
        });
      }
      const replayed = known(recorded.calls, before);
      expect(resumed.calls.slice(0, replayed.length)).toEqual(replayed);
      expectEachEndsOnce(resumed);
      expect(fold(memoryJournal(lines).read())).toEqual(after);
    }
  });
});

describe("apply", () => {
  const jobId = fc.constantFrom("job0", "job1", "nobody");
  const number = fc.integer({ min: 0, max: 5 });
  const value = fc.oneof(
    fc.jsonValue() as fc.Arbitrary<Json>,
    fc.constantFrom(NaN, Infinity, { default: -Infinity }),
  );
  const text = fc.option(fc.string(), { nil: null });
  const shapes: {
    readonly [Kind in Fact["kind"]]: fc.Arbitrary<Omit<Extract<Fact, { kind: Kind }>, "kind">>;
  } = {
    "experiment-created": fc.record({
      version: fc.constant(1),
      experimentId: fc.string(),
      config: fc.constant(configOf()),
      seed: number,
    }),
    "manager-started": fc.record({ pid: number }),
    "experiment-status": fc.record({
      status: fc.constantFrom("RUNNING", "NO_MORE_TRIAL", "STOPPING", "STOPPED", "DONE", "ERROR"),
      reason: text,
    }),
    "person-acted": fc.record({
      by: fc.constant({ token: "admin" as const, address: null, agent: null }),
      action: fc.constantFrom("stop" as const, "update" as const),
      details: fc.constant({}),
    }),
    "config-changed": fc.record({
      changes: fc.constantFrom({ trialConcurrency: 3 }, { maxPhaseNum: null, tags: ["a"] }, {}),
    }),
    "parameters-added": fc.record({ additionId: number, parameters: value }),
    "points-imported": fc.record({ rows: fc.constant([{ parameters: {}, value: 1 }]) }),
    "trial-job-created": fc.record({ trialJobId: jobId, number, tokenHash: fc.string() }),
    "trial-job-submitted": fc.record({ trialJobId: jobId, handle: fc.constant({}) }),
    "trial-job-running": fc.record({ trialJobId: jobId }),
    "trial-job-retried": fc.record({
      trialJobId: jobId,
      attempt: number,
      tokenHash: fc.string(),
      reason: fc.string(),
    }),
    "trial-job-no-more": fc.record({ trialJobId: jobId, parameterIndex: number, reason: fc.string() }),
    "trial-job-ended": fc.record({
      trialJobId: jobId,
      status: fc.constantFrom("succeeded", "failed", "cancelled"),
      reason: text,
    }),
    "phase-proposed": fc.record({
      trialJobId: jobId,
      parameterIndex: number,
      parameterId: number,
      parameters: value,
      heard: number,
      batch: number,
    }),
    "phase-started": fc.record({ parameterId: number }),
    "intermediate-result": fc.record({ parameterId: number, sequence: number, value }),
    "phase-ended": fc.record({
      parameterId: number,
      outcome: fc.constantFrom("succeeded", "stopped", "abandoned", "failed", "cancelled"),
      value,
      reason: text,
    }),
  };
  const facts = Object.entries(shapes).map(([kind, shape]) =>
    (shape as fc.Arbitrary<object>).map((fact) => ({ kind, ...fact }) as Fact),
  );
  const first = facts[0] as fc.Arbitrary<Fact>;
  const journal = fc
    .tuple(
      first,
      fc.array(fc.oneof(...facts, fc.constant({ kind: "of-a-later-version" } as unknown as Fact))),
    )
    .map(([created, rest]) => [created, ...rest].map((fact, at): JournalRecord => ({ at, ...fact })));

  test("takes any records, and gives the same state for the same ones", () => {
    fc.assert(
      fc.property(journal, (records) => {
        const fresh = (): ExperimentState => {
          let state = emptyState();
          records.forEach((record, place) => (state = apply(state, { seq: place + 1, record })));
          return state;
        };
        const state = fresh();
        expect(state.seq).toBe(records.length);
        expect(fresh()).toEqual(state);
        const kept = memoryJournal();
        kept.append(records);
        expect(fold(kept.read())).toEqual(state);
      }),
      { numRuns: 500 },
    );
  });
});
