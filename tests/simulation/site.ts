import { messageOf } from "../../src/model/index.ts";
import type { JobHandle, TrainingService, TrialJobSpec, TrialJobStatus } from "../../src/model/index.ts";
import { diceOf } from "./dice.ts";
import type { Ground } from "./ground.ts";
import type { Network, Reply, TrialRequest } from "./network.ts";
import { trialClient } from "./trial-client.ts";
import { steadyProcess, whimsicalProcess } from "./trial-process.ts";
import type { TrialProcess } from "./trial-process.ts";
import type { ProcessName } from "./witness.ts";

/** Where trial jobs run, whoever manages them. */
export interface Site {
  /** The training service as one manager sees it: it hears nothing any more when it is dead. */
  serviceFor(manager: Hearer): TrainingService;
  /** Names of the processes that run. */
  readonly alive: readonly string[];
  /** As `kill -9` does. */
  killProcess(name: string): void;
}

export interface Hearer {
  readonly number: number;
  readonly alive: boolean;
}

interface Job {
  readonly who: ProcessName;
  readonly firstIndex: number;
  status: TrialJobStatus;
  /** Set while its process runs. */
  process: Process | undefined;
  cancelled: boolean;
  watchers: (() => void)[];
}

interface Process {
  readonly number: number;
  alive: boolean;
  readonly onEnd: (() => void)[];
}

export function site(ground: Ground, network: Network): Site {
  const jobs = new Map<string, Job>();
  let processes = 0;
  return {
    serviceFor: (manager) => serviceFor({ ground, network, jobs, manager, number: () => processes++ }),
    get alive() {
      return [...jobs].filter(([, job]) => job.process?.alive).map(([name]) => name);
    },
    killProcess(name) {
      const job = jobs.get(name);
      if (job?.process) end(ground, job, { kind: "failed", reason: "killed by SIGKILL", exitCode: null });
    },
  };
}

interface Access {
  readonly ground: Ground;
  readonly network: Network;
  readonly jobs: Map<string, Job>;
  readonly manager: Hearer;
  number(): number;
}

function serviceFor(access: Access): TrainingService {
  const { ground, jobs, manager } = access;
  const { schedule, dice, witness } = ground;
  const { refuse } = ground.scenario.trouble;
  const heard = heardBy(manager);
  const jobOf = (handle: JobHandle): Job => jobs.get(String(handle["key"])) as Job;
  return {
    async submit(spec) {
      const key = keyOf(spec);
      witness.note({ kind: "submitted", who: whoOf(spec), manager: manager.number });
      await schedule.pause(slowness(ground, `submit ${key}`));
      // What a dead manager has sent may have arrived, or not.
      if (!manager.alive && dice("sent", key, manager.number) < 0.5) return never();
      if (!jobs.has(key) && dice("refuse", key) < refuse)
        return heard(Promise.reject<never>(new Error("no node is free")));
      if (!jobs.has(key)) accept(access, spec);
      return heard(schedule.pause(slowness(ground, `accepted ${key}`)).then(() => ({ key })));
    },
    async *watch(handle) {
      const job = jobOf(handle);
      const losesSight = dice("lose sight", keyOf(job.who), manager.number) < refuse / 2;
      for (let shown: TrialJobStatus | undefined; !shown || !isFinal(shown);) {
        while (job.status === shown) await change(job);
        shown = job.status;
        await heard(schedule.pause(slowness(ground, `tell ${keyOf(job.who)}`)));
        if (losesSight && shown.kind === "running") throw new Error("lost sight");
        yield shown;
      }
    },
    async cancel(handle, _reason, options) {
      const job = jobOf(handle);
      cancel(ground, job, options?.force ?? false);
      while (!isFinal(job.status)) await change(job);
      await heard(Promise.resolve());
    },
  };
}

/** A new one each time: what waits for it can be forgotten. */
const never = (): Promise<never> => new Promise(() => {});

/** A dead manager hears nothing. */
function heardBy(manager: Hearer) {
  return async <T>(answer: Promise<T>): Promise<T> => {
    const settled = await answer.then(
      (value) => ({ value }),
      (error: unknown) => ({ error: error as Error }),
    );
    if (!manager.alive) return never();
    if ("error" in settled) throw settled.error;
    return settled.value;
  };
}

/** A job that waits until there is room for its process. */
function accept(access: Access, spec: TrialJobSpec): void {
  const { ground, jobs } = access;
  const job: Job = {
    who: whoOf(spec),
    firstIndex: Number(spec.env["POLYPHASE_PARAMETER_INDEX"]),
    status: { kind: "waiting" },
    process: undefined,
    cancelled: false,
    watchers: [],
  };
  jobs.set(keyOf(spec), job);
  ground.schedule.after(slowness(ground, `start ${keyOf(spec)}`), () => {
    if (job.status.kind === "waiting") start(access, job);
  });
}

function start({ ground, network, number }: Access, job: Job): void {
  const process: Process = { number: number(), alive: true, onEnd: [] };
  job.process = process;
  ground.witness.note({ kind: "process-started", who: job.who, process: process.number });
  setStatus(job, { kind: "running" });
  const body = ground.scenario.steady ? steadyProcess : whimsicalProcess;
  const exit = (status: TrialJobStatus): void => {
    if (process.alive) end(ground, job, status);
  };
  body(abilitiesOf(ground, network, { ...job, process })).then(
    () => exit({ kind: "succeeded" }),
    (error: unknown) => {
      noteRefusal(ground, job.who, error);
      exit({ kind: "failed", reason: messageOf(error), exitCode: 1 });
    },
  );
}

function noteRefusal({ witness }: Ground, who: ProcessName, error: unknown): void {
  const { code, message } = error as { code?: string; message: string };
  if (code !== undefined) witness.note({ kind: "refused", who, code, message });
  else if (message !== "crashed") witness.note({ kind: "fault", message: `${keyOf(who)}: ${message}` });
}

function abilitiesOf(
  ground: Ground,
  network: Network,
  { who, firstIndex, process }: Job & { process: Process },
): TrialProcess {
  const { schedule, witness, scenario } = ground;
  const whileAlive = async <T>(promise: Promise<T>): Promise<T> => {
    const value = await promise;
    return process.alive ? value : never();
  };
  const pause = (ms: number): Promise<void> => whileAlive(schedule.pause(ms));
  const onEnd = (call: () => void): void => void process.onEnd.push(call);
  const post = (request: TrialRequest): Promise<Reply | undefined> =>
    whileAlive(network.exchange(keyOf(who), request, { onEnd }));
  const begun = new Set<number>();
  return {
    who,
    firstIndex,
    client: trialClient(post, pause),
    dice: scenario.steady ? diceOf(scenario.seed) : ground.dice,
    trouble: scenario.trouble,
    pause,
    hang: never,
    begin(parameterId) {
      if (begun.has(parameterId)) return;
      begun.add(parameterId);
      witness.note({ kind: "begun", who, process: process.number, parameterId });
    },
    fault: (message) => witness.note({ kind: "fault", message }),
  };
}

/** SIGTERM, of which a process dies soon or, where it is slow about it, only later: it goes on until then. */
function cancel(ground: Ground, job: Job, force: boolean): void {
  const kill = (): void => end(ground, job, { kind: "cancelled" });
  if (force || !job.process) return kill();
  if (job.cancelled) return;
  job.cancelled = true;
  ground.schedule.after(slowness(ground, `end ${keyOf(job.who)}`), kill);
}

function end({ witness }: Ground, job: Job, status: TrialJobStatus): void {
  if (isFinal(job.status)) return;
  if (job.process) {
    job.process.alive = false;
    witness.note({ kind: "process-ended", who: job.who, process: job.process.number });
    for (const call of job.process.onEnd) call();
  }
  setStatus(job, job.cancelled ? { kind: "cancelled" } : status);
}

/** Resolves when the job's status is another one. */
function change(job: Job): Promise<void> {
  return new Promise((resolve) => void job.watchers.push(resolve));
}

function setStatus(job: Job, status: TrialJobStatus): void {
  job.status = status;
  for (const wake of job.watchers.splice(0)) wake();
}

function isFinal({ kind }: TrialJobStatus): boolean {
  return kind !== "waiting" && kind !== "running";
}

/** In milliseconds; most things take no time. */
function slowness({ dice, scenario }: Ground, what: string): number {
  return dice("slow", what) < scenario.trouble.slow ? Math.round(dice("ms", what) * 2_000) : 0;
}

function whoOf({ trialJobId, attempt }: ProcessName): ProcessName {
  return { trialJobId, attempt };
}

/** Names a process, and is its token. */
export function keyOf({ trialJobId, attempt }: ProcessName): string {
  return `${trialJobId}/${attempt}`;
}

export function whoseToken(token: string): ProcessName {
  const [trialJobId = "", attempt = ""] = token.split("/");
  return { trialJobId, attempt: Number(attempt) };
}
