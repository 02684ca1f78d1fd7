import {
  createExperiment,
  inlineTunerHost,
  recoverExperiment,
  type Experiment,
} from "../../src/experiment/index.ts";
import { memoryJournal, type Journal } from "../../src/journal/index.ts";
import {
  messageOf,
  type ExperimentConfig,
  type ExperimentStatus,
  type JobHandle,
  type JournalRecord,
  type TrainingService,
  type TrialJobSpec,
  type TrialJobStatus,
  type Tuner,
} from "../../src/model/index.ts";
import { configOf, depsOf, quiet, virtualClock, type VirtualClock } from "./world.ts";

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

interface Life {
  alive: boolean;
  readonly experiment: Experiment;
  readonly dead: Promise<void>;
}

/** Time from the death of a manager to the next one's start. */
const absenceMs = 3_000;

/** Trial jobs that live on while their managers are killed and come back, on virtual time. */
export function cluster(options: ClusterOptions): Cluster {
  const clock = virtualClock();
  const lines = options.lines ?? [];
  const durable: JournalRecord[] = [];
  const processes = new Map<string, Process>();
  const alive = new Set<string>();
  let commits = 0;
  let managers = 0;
  let life: Life | undefined;
  let born: () => void = () => {};
  let nextLife = new Promise<void>((resolve) => (born = resolve));

  const pause = (ms: number): Promise<void> =>
    ms <= 0 ? Promise.resolve() : new Promise((resolve) => clock.alarm(clock.now() + ms, resolve));

  async function call<T>(spec: ClusterJob["spec"], ask: (experiment: Experiment) => Promise<T>): Promise<T> {
    for (;;) {
      const asked = life;
      if (!asked) {
        await nextLife;
        continue;
      }
      const job = asked.experiment.state.trialJobs.get(spec.trialJobId);
      if (job?.attempt !== spec.attempt)
        throw Object.assign(new Error("old token"), { code: "token-superseded" });
      const answer = ask(asked.experiment).then(
        (value) => ({ value }),
        (error: unknown) => ({ error: error as Error }),
      );
      const heard = await Promise.race([answer, asked.dead]);
      if (!heard || !asked.alive) continue;
      if ("error" in heard) throw heard.error;
      return heard.value;
    }
  }

  function start(spec: ClusterJob["spec"], firstIndex: number): Process {
    const key = `${spec.trialJobId}/${spec.attempt}`;
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    alive.add(key);
    const job: ClusterJob = {
      spec,
      firstIndex,
      signal,
      call: (ask) => call(spec, ask),
      sleep: (ms) => Promise.race([pause(ms), aborted]),
    };
    const body = options.process(job).then(
      (): TrialJobStatus => ({ kind: "succeeded" }),
      (error: unknown): TrialJobStatus => ({ kind: "failed", reason: messageOf(error), exitCode: 1 }),
    );
    const killed = aborted
      .then(() => pause(options.delay?.(`end ${key}`) ?? 0))
      .then((): TrialJobStatus => ({ kind: "cancelled" }));
    const ended = Promise.race([body, killed]).then((status) => {
      alive.delete(key);
      return signal.aborted ? ({ kind: "cancelled" } as const) : status;
    });
    return { cancel: () => controller.abort(), ended };
  }

  /** The training service as one manager sees it: when that is dead, it hears nothing any more. */
  function serviceFor(manager: () => Life): TrainingService {
    const never = new Promise<never>(() => {});
    const heard = async <T>(answer: Promise<T>): Promise<T> => {
      const value = await answer;
      return manager().alive ? value : never;
    };
    const find = (handle: JobHandle): Process => {
      const { trialJobId, attempt } = handle as { trialJobId: string; attempt: number };
      const key = `${trialJobId}/${attempt}`;
      const found = processes.get(key) ?? start({ trialJobId, attempt }, placeOf(manager(), trialJobId));
      processes.set(key, found);
      return found;
    };
    return {
      async submit({ trialJobId, attempt, env }) {
        const key = `${trialJobId}/${attempt}`;
        await heard(pause(options.delay?.(`submit ${key}`) ?? 0));
        const firstIndex = Number(env["POLYPHASE_PARAMETER_INDEX"]);
        if (!processes.has(key)) processes.set(key, start({ trialJobId, attempt }, firstIndex));
        return { trialJobId, attempt };
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

  function journalFor(manager: () => Life): Journal {
    const journal = memoryJournal(lines);
    const die = (): never => {
      manager().alive = false;
      throw new Error("killed");
    };
    return {
      ...journal,
      get lastSeq() {
        return lines.length;
      },
      append(records) {
        const death = options.dies?.(commits++);
        if (death === "before") die();
        journal.append(records);
        durable.push(...records);
        if (death === "after") die();
      },
    };
  }

  function begin(): Life {
    let died: () => void = () => {};
    const dead = new Promise<void>((resolve) => (died = resolve));
    const made = { alive: true, dead } as Life & { experiment: Experiment };
    const deps = {
      ...depsOf({
        journal: journalFor(() => made),
        clock: { now: clock.now, alarm: (at, ring) => clock.alarm(at, () => made.alive && ring()) },
        tuner: inlineTunerHost(options.makeTuner(clock)),
        service: serviceFor(() => made),
        logs: [],
      }),
      defer: (commit: () => void) =>
        void setImmediate(() => {
          if (!made.alive) return;
          commit();
          if (!made.alive) died();
        }),
    };
    const config = configOf(options.config);
    made.experiment =
      lines.length > 0
        ? recoverExperiment(deps)
        : createExperiment(deps, { experimentId: "exp00000", config, seed: 7 });
    managers += 1;
    return made;
  }

  /** Managers one after the other, until the experiment has ended under a living one. */
  async function live(): Promise<ExperimentStatus> {
    for (;;) {
      const present = begin();
      life = present;
      born();
      nextLife = new Promise((resolve) => (born = resolve));
      const status = await Promise.race([present.experiment.ended, present.dead]);
      if (status && present.alive) return status;
      life = undefined;
      await pause(absenceMs);
    }
  }

  return {
    clock,
    lines,
    durable,
    alive,
    get managers() {
      return managers;
    },
    get experiment() {
      return life?.experiment;
    },
    async run() {
      let status: ExperimentStatus | undefined;
      let fault: unknown;
      live().then(
        (final) => (status = final),
        (error: unknown) => (fault = error),
      );
      for (let still = 0; status === undefined && still < 20;) still = (await clock.skip()) ? 0 : still + 1;
      await quiet();
      if (fault) throw fault as Error;
      if (status === undefined) throw new Error("nothing moves any more, and the experiment has not ended");
      while (await clock.skip()); // a slow tuner may still be thinking
      return status;
    },
  };
}

interface Process {
  cancel(): void;
  readonly ended: Promise<TrialJobStatus>;
}

/** Where the process of an earlier cluster stands: at its pending phase, or before its next one. */
function placeOf({ experiment }: Life, trialJobId: string): number {
  const { trialJobs, phases } = experiment.state;
  const parameterIds = trialJobs.get(trialJobId)?.parameterIds ?? [];
  const pending = phases.get(parameterIds.at(-1) ?? -1)?.outcome === "running";
  return parameterIds.length - (pending ? 1 : 0);
}
