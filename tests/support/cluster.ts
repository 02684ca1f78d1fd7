import {
  createExperiment,
  inlineTunerHost,
  recoverExperiment,
  withHistory,
  type Experiment,
} from "../../src/experiment/index.ts";
import { memoryJournal, type Journal } from "../../src/journal/index.ts";
import {
  messageOf,
  PolyphaseError,
  type ExperimentConfig,
  type ExperimentStatus,
  type JobHandle,
  type JournalRecord,
  type TrainingService,
  type TrialJobSpec,
  type TrialJobStatus,
  type Tuner,
} from "../../src/model/index.ts";
import { configOf, depsOf, gate, quiet, virtualClock, type VirtualClock } from "./world.ts";

/** What the process of a trial job can do. */
export interface ClusterJob {
  readonly spec: Pick<TrialJobSpec, "trialJobId" | "attempt">;
  readonly firstIndex: number;
  /** Aborts when the job is asked to end. */
  readonly signal: AbortSignal;
  /** Asks the manager, again and again while there is none: what a manager said before it died is lost. */
  call<T>(ask: (experiment: Experiment) => Promise<T>): Promise<T>;
  /** Shorter where the job is asked to end. */
  sleep(ms: number): Promise<void>;
}

export interface ClusterOptions {
  readonly config: Partial<ExperimentConfig>;
  /** The journal's lines: those of an earlier cluster, or none. */
  readonly lines?: string[];
  /** A new one for each manager. */
  makeTuner(clock: VirtualClock): Tuner;
  /** Resolves: exit code 0; rejects: failed. */
  process(job: ClusterJob): Promise<void>;
  /** Whether the manager dies with its n-th commit (from 0, over all managers), before or after it is durable. */
  dies?(commit: number): "before" | "after" | undefined;
  /** How long the training service takes for something, in milliseconds. */
  delay?(what: string): number;
}

export interface Cluster {
  readonly clock: VirtualClock;
  readonly lines: string[];
  /** Every record that became durable, in order. */
  readonly durable: readonly JournalRecord[];
  readonly managers: number;
  /** Processes that run. */
  readonly alive: ReadonlySet<string>;
  /** The living manager's experiment; undefined while there is none. */
  readonly experiment: Experiment | undefined;
  /** Lets time pass until the experiment has ended and all is quiet. Throws where nothing moves any more before. */
  run(): Promise<ExperimentStatus>;
}

/** One manager, from its start to its death. */
interface Life {
  alive: boolean;
  readonly experiment: Experiment;
  readonly dead: Promise<void>;
}

/** A trial job's process, which does not mind who manages it. */
interface Process {
  cancel(): void;
  readonly ended: Promise<TrialJobStatus>;
}

/** What all managers share. */
interface Ground {
  readonly options: ClusterOptions;
  readonly clock: VirtualClock;
  readonly lines: string[];
  readonly durable: JournalRecord[];
  readonly processes: Map<string, Process>;
  readonly alive: Set<string>;
  commits: number;
  managers: number;
  /** The living manager; undefined while there is none. */
  life: Life | undefined;
  nextLife: ReturnType<typeof gate<void>>;
}

/** Time from the death of a manager to the next one's start. */
const absenceMs = 3_000;

/** Trial jobs that live on while their managers are killed and come back, on virtual time. */
export function cluster(options: ClusterOptions): Cluster {
  const ground: Ground = {
    options,
    clock: virtualClock(),
    lines: options.lines ?? [],
    durable: [],
    processes: new Map(),
    alive: new Set(),
    commits: 0,
    managers: 0,
    life: undefined,
    nextLife: gate(),
  };
  const { clock, lines, durable, alive } = ground;
  return {
    clock,
    lines,
    durable,
    alive,
    get managers() {
      return ground.managers;
    },
    get experiment() {
      return ground.life?.experiment;
    },
    run: () => run(ground),
  };
}

async function run(ground: Ground): Promise<ExperimentStatus> {
  const { clock } = ground;
  let status: ExperimentStatus | undefined;
  let fault: unknown;
  manage(ground).then(
    (final) => (status = final),
    (error: unknown) => (fault = error),
  );
  for (let still = 0; status === undefined && still < 20;) still = (await clock.skip()) ? 0 : still + 1;
  await quiet();
  if (fault) throw fault as Error;
  if (status === undefined) throw new Error("nothing moves any more, and the experiment has not ended");
  while (await clock.skip()); // a slow tuner may still be thinking
  return status;
}

/** Managers one after the other, until the experiment has ended under a living one. */
async function manage(ground: Ground): Promise<ExperimentStatus> {
  for (;;) {
    const life = begin(ground);
    ground.life = life;
    ground.nextLife.open();
    ground.nextLife = gate();
    const status = await Promise.race([life.experiment.ended, life.dead]);
    if (status && life.alive) return status;
    ground.life = undefined;
    await pause(ground, absenceMs);
  }
}

function begin(ground: Ground): Life {
  const { clock, lines, options } = ground;
  const death = gate();
  const life = { alive: true, dead: death.opened } as Life & { experiment: Experiment };
  const deps = {
    ...depsOf({
      journal: journalOf(ground, life),
      clock: { now: clock.now, alarm: (at, ring) => clock.alarm(at, () => life.alive && ring()) },
      openTuner: (upTo) => withHistory(inlineTunerHost(options.makeTuner(clock)), memoryJournal(lines), upTo),
      service: serviceOf(ground, life),
      logs: [],
    }),
    defer: (commit: () => void) =>
      void setImmediate(() => {
        if (!life.alive) return;
        commit();
        if (!life.alive) death.open();
      }),
  };
  const config = configOf(options.config);
  life.experiment =
    lines.length > 0
      ? recoverExperiment(deps)
      : createExperiment(deps, { experimentId: "exp00000", config, seed: 7 });
  ground.managers += 1;
  return life;
}

function journalOf(ground: Ground, life: Life): Journal {
  const journal = memoryJournal(ground.lines);
  const die = (): never => {
    life.alive = false;
    throw new Error("killed");
  };
  return {
    ...journal,
    get lastSeq() {
      return ground.lines.length;
    },
    append(records) {
      const death = ground.options.dies?.(ground.commits++);
      if (death === "before") die();
      journal.append(records);
      ground.durable.push(...records);
      if (death === "after") die();
    },
  };
}

/** The training service as one manager sees it: when that is dead, it hears nothing any more. */
function serviceOf(ground: Ground, life: Life): TrainingService {
  const { processes, options } = ground;
  const never = new Promise<never>(() => {});
  const heard = async <T>(answer: Promise<T>): Promise<T> => {
    const value = await answer;
    return life.alive ? value : never;
  };
  const find = (handle: JobHandle): Process => {
    const spec = handle as unknown as ClusterJob["spec"];
    const found = processes.get(keyOf(spec)) ?? start(ground, spec, placeOf(life, spec.trialJobId));
    processes.set(keyOf(spec), found);
    return found;
  };
  return {
    async submit({ trialJobId, attempt, env }) {
      const spec = { trialJobId, attempt };
      await heard(pause(ground, options.delay?.(`submit ${keyOf(spec)}`) ?? 0));
      const firstIndex = Number(env["POLYPHASE_PARAMETER_INDEX"]);
      if (!processes.has(keyOf(spec))) processes.set(keyOf(spec), start(ground, spec, firstIndex));
      return spec;
    },
    async *watch(handle) {
      yield { kind: "waiting" };
      yield await heard(Promise.resolve({ kind: "running" } as const));
      yield await heard(find(handle).ended);
    },
    async cancel(handle) {
      find(handle).cancel();
      await heard(find(handle).ended);
    },
  };
}

/** Where the process of an earlier cluster stands: at its pending phase, or before its next one. */
function placeOf({ experiment }: Life, trialJobId: string): number {
  const { trialJobs, phases } = experiment.state;
  const parameterIds = trialJobs.get(trialJobId)?.parameterIds ?? [];
  const pending = phases.get(parameterIds.at(-1) ?? -1)?.outcome === "running";
  return parameterIds.length - (pending ? 1 : 0);
}

function start(ground: Ground, spec: ClusterJob["spec"], firstIndex: number): Process {
  const { alive, options } = ground;
  const key = keyOf(spec);
  const controller = new AbortController();
  const { signal } = controller;
  const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  alive.add(key);
  const body = options.process({
    spec,
    firstIndex,
    signal,
    call: (ask) => call(ground, spec, ask),
    sleep: (ms) => Promise.race([pause(ground, ms), aborted]),
  });
  const left = body.then(
    (): TrialJobStatus => ({ kind: "succeeded" }),
    (error: unknown): TrialJobStatus => ({ kind: "failed", reason: messageOf(error), exitCode: 1 }),
  );
  const killed = aborted.then(() => pause(ground, options.delay?.(`end ${key}`) ?? 0));
  const ended = Promise.race([left, killed]).then((status): TrialJobStatus => {
    alive.delete(key);
    return signal.aborted || !status ? { kind: "cancelled" } : status;
  });
  return { cancel: () => controller.abort(), ended };
}

async function call<T>(
  ground: Ground,
  spec: ClusterJob["spec"],
  ask: (experiment: Experiment) => Promise<T>,
): Promise<T> {
  for (;;) {
    const { life } = ground;
    if (!life) {
      await ground.nextLife.opened;
      continue;
    }
    const job = life.experiment.state.trialJobs.get(spec.trialJobId);
    if (job?.attempt !== spec.attempt)
      throw new PolyphaseError("token-superseded", "the job was started again");
    const answer = ask(life.experiment).then(
      (value) => ({ value }),
      (error: unknown) => ({ error: error as Error }),
    );
    const heard = await Promise.race([answer, life.dead]);
    if (!heard || !life.alive) continue;
    if ("error" in heard) throw heard.error;
    return heard.value;
  }
}

function pause({ clock }: Ground, ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => clock.alarm(clock.now() + ms, resolve));
}

function keyOf({ trialJobId, attempt }: ClusterJob["spec"]): string {
  return `${trialJobId}/${attempt}`;
}
