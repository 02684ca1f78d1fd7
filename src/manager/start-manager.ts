import { randomInt } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { createExperiment, recoverExperiment, systemClock, workerTunerHost } from "../experiment/index.ts";
import type {
  Clock,
  Experiment,
  ExperimentDeps,
  Recovery,
  TunerHost,
  WorkerTunerHost,
} from "../experiment/index.ts";
import { sqliteJournal } from "../journal/index.ts";
import type { Journal, JournalLock } from "../journal/index.ts";
import { PolyphaseError } from "../model/index.ts";
import type {
  Actor,
  CancelOptions,
  ExperimentConfig,
  ExperimentStatus,
  JsonObject,
  JournalRecord,
  ObservedPoint,
} from "../model/index.ts";
import { createApp } from "../server/index.ts";
import {
  makeExperimentDirectory,
  experimentDirectory,
  journalPath,
  readSecret,
  viewerTokenOf,
  writeManagerFile,
  writeSecret,
} from "./home.ts";
import { holdExperiment } from "./hold-experiment.ts";
import { hashOf, newExperimentId, newToken, newTrialJobId, trialJobToken } from "./ids.ts";
import { fileLog } from "./log.ts";
import type { Log } from "./log.ts";
import { checkConfig, checkSearchSpace, tunerPlan } from "./make-tuner.ts";
import type { TunerThreadData } from "./make-tuner.ts";
import { findSecrets, redactError, sealIn } from "./secrets.ts";
import type { Vault } from "./secrets.ts";
import { prepareServing, privateServing, rememberedServing, rememberServing } from "./serving.ts";
import type { OpenServers, Ports, PreparedServing, Serving } from "./serving.ts";
import { openTrainingService } from "./training-services.ts";
import { appendTrialLog, readManagerLog, readTrialLog } from "./trial-logs.ts";
import { trialJobSpec } from "./trial-job-spec.ts";
import { tunerThreadUrl } from "./tuner-thread-url.ts";
import { version } from "./version.ts";

export interface ManagerOptions {
  readonly home: string;
  /** For a new experiment; with `resume` the journal's own config counts. */
  readonly config?: ExperimentConfig;
  /** Required with `resume`; drawn where it is left out. */
  readonly experimentId?: string;
  readonly resume?: boolean;
  /** 0, the default: a free one; a resumed experiment takes its old one if it can. */
  readonly port?: number;
  /**
   * Where to listen: by default for this machine only, or, with `resume`, where it listened before. Given in part, the rest
   * is as by default.
   */
  readonly serving?: Partial<Serving>;
  /** See ExperimentDeps; the default is `end`. */
  readonly onTunerFailure?: "pause" | "end";
  /** For a new experiment: results from elsewhere that the tuner hears of before it is asked for anything. */
  readonly points?: readonly ObservedPoint[];
  /** With `resume`: other limits than before, or that it is only to be stopped. */
  readonly recovery?: Recovery;
}

export interface RunningManager {
  readonly experiment: Experiment;
  readonly experimentId: string;
  /** For programs on this machine. */
  readonly url: string;
  /** For people, also on other machines where these can reach it. */
  readonly publicUrl: string;
  readonly token: string;
  readonly directory: string;
  /** The final status, when the jobs are gone. The server still answers: close it. */
  readonly ended: Promise<ExperimentStatus>;
  /** Gently, or with `force` at once; resolves when the experiment has ended. */
  stop(reason: string, options?: CancelOptions & { readonly by?: Actor }): Promise<void>;
  /** Closes server, tuner and journal. Jobs that run go on: a resumed manager finds them. */
  close(): Promise<void>;
}

/**
 * Puts the rooms together in this process: journal, tuner thread, training service, experiment and server. Resolves when
 * the experiment runs and the server answers.
 */
export async function startManager(options: ManagerOptions): Promise<RunningManager> {
  const where = servingOf(options);
  const ground = options.resume ? await standOnOld(options) : await standOnNew(options);
  try {
    return await startOn(ground, options, where);
  } catch (error) {
    throw redactError(error, ground.vault.redact);
  }
}

async function startOn(
  ground: Ground,
  options: ManagerOptions,
  { prepared, ports }: Where,
): Promise<RunningManager> {
  const { directory, config, vault, journal } = ground;
  const tokens = experimentTokens(ground);
  const log = await fileLog(directory, config.logLevel, vault.redact);
  const service = await openTrainingService(config, vault);
  const tuners = tunerThreads(ground);
  let url = "";
  const tokenOf = trialJobTokens(ground);
  const settings = { ...ground, token: tokenOf, url: () => url };
  const gate = startGate();
  const deps: ExperimentDeps = {
    journal,
    openTuner: tuners.open,
    onTunerFailure: options.onTunerFailure ?? "end",
    service,
    clock: systemClock(ground.lastRecordAt),
    ids: { trialJobId: newTrialJobId, tokenHash: (job, attempt) => hashOf(tokenOf(job, attempt)) },
    trialJobSpec: (job, firstIndex) => trialJobSpec(settings, job, firstIndex),
    pid: process.pid,
    log,
    redact: vault.redact,
    defer: gate.defer,
  };
  const experiment = begin(deps, ground, options);
  // Jobs of an earlier manager know theirs.
  for (const id of experiment.state.activeTrialJobs) tokenOf(id, experiment.state.trialJobs.get(id)?.attempt);
  const { clock } = deps;
  const { hostNames } = prepared;
  const app = appOf(experiment, { ...ground, ...tokens, hostNames, log, clock, url: () => url });
  const closeRooms = closeOnce([
    () => tuners.close(),
    () => service.close?.(),
    () => journal.close(),
    () => ground.lock.release(),
  ]);
  const server = await prepared.open(app, ports).catch(async (error: unknown) => {
    await closeRooms();
    if (!ground.resumed) rmSync(directory, { recursive: true, force: true });
    throw error;
  });
  url = server.url;
  rememberServing(directory, prepared.serving, server);
  keepManagerFile(experiment, directory, server);
  log("info", `experiment ${ground.experimentId} runs at ${server.publicUrl} (pid ${process.pid})`);
  gate.open();
  return {
    experiment,
    experimentId: ground.experimentId,
    url,
    publicUrl: server.publicUrl,
    token: tokens.token,
    directory,
    ended: experiment.ended,
    stop: (reason, options) => experiment.stop(reason, options),
    close: closeOnce([() => server.close(), closeRooms]),
  };
}

/** What opens the management API. No text shows it. */
function experimentTokens({ directory, vault }: Ground): Pick<AppGround, "token" | "viewerToken"> {
  const token = readSecret(directory, "token");
  const viewerToken = viewerTokenOf(directory);
  for (const hidden of [token, viewerToken]) vault.hide(hidden);
  return { token, viewerToken };
}

/** The gate is still closed: the points are in the journal before the tuner is asked for anything. */
function begin(deps: ExperimentDeps, ground: Ground, options: ManagerOptions): Experiment {
  if (ground.resumed) return recoverExperiment(deps, options.recovery);
  const experiment = createExperiment(deps, ground);
  experiment.importPoints(options.points ?? []).catch(() => undefined); // a journal that breaks ends it anyway
  return experiment;
}

/** The tuner's thread, one at a time: a new one when the last has failed. The first begins to load at once. */
function tunerThreads({ config, vault, seed, directory }: Ground): {
  open(upTo: number): TunerHost;
  close(): Promise<void>;
} {
  const plan = tunerPlan(openTuner(config, vault), seed);
  const data: TunerThreadData = { ...plan, journal: journalPath(directory) };
  const timeoutMs = config.tunerTimeoutMs ?? null; // journals of version 1 do not name it
  const start = (): WorkerTunerHost =>
    workerTunerHost(tunerThreadUrl(), data as unknown as JsonObject, { timeoutMs });
  let current = start();
  let used = false;
  return {
    open(upTo) {
      if (used) current = start();
      used = true;
      current.readHistory(upTo);
      return current;
    },
    close: () => current.close(),
  };
}

/** The config with the tuner's secrets in it. */
function openTuner(config: ExperimentConfig, vault: Vault): ExperimentConfig {
  return { ...config, tuner: vault.open(config.tuner) };
}

/** The token of a job's attempt. Once somebody may have it, no text shows it. */
function trialJobTokens({ directory, vault }: Ground): (job: string, attempt?: number) => string {
  const secret = readSecret(directory, "secret");
  vault.hide(secret);
  return (job, attempt = 0) => {
    const token = trialJobToken(secret, job, attempt);
    vault.hide(token);
    return token;
  };
}

interface AppGround {
  readonly directory: string;
  readonly token: string;
  readonly viewerToken: string;
  readonly hostNames: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Vault;
  url(): string;
}

function appOf(experiment: Experiment, ground: AppGround): ReturnType<typeof createApp> {
  return createApp({
    experiment,
    info: () => ({ pid: process.pid, url: ground.url(), version }),
    adminToken: ground.token,
    viewerToken: ground.viewerToken,
    hostNames: ground.hostNames,
    readLog: (trialJobId, stream) => readTrialLog(ground.directory, experiment, trialJobId, stream),
    appendTrialLog: (trialJobId, lines) => appendTrialLog(ground.directory, experiment, trialJobId, lines),
    managerLog: () => readManagerLog(ground.directory),
    checkSearchSpace: (space) => checkSearchSpace(openTuner(experiment.state.config, ground.vault), space),
    clock: ground.clock,
    redact: ground.vault.redact,
    reportFault: (error) =>
      ground.log("error", error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
}

/**
 * Holds the first commit back until the server listens: its address is in every trial job's environment, so no job may be
 * started before.
 */
function startGate(): { readonly defer: ExperimentDeps["defer"]; open(): void } {
  let held: (() => void)[] | undefined = [];
  return {
    defer: (commit) => {
      if (held) held.push(commit);
      else setImmediate(commit);
    },
    open() {
      const commits = held ?? [];
      held = undefined;
      for (const commit of commits) setImmediate(commit);
    },
  };
}

interface Where {
  readonly prepared: PreparedServing;
  readonly ports: Ports;
}

/** A resumed experiment takes its old ports, where nobody else has them: trials that wait find it at once. */
function servingOf({ home, experimentId, resume, serving, port }: ManagerOptions): Where {
  const anyPort = { port: 0, orAny: true };
  const fresh = { serving: privateServing, ports: { page: anyPort, local: anyPort } };
  const known = resume ? rememberedServing(experimentDirectory(home, experimentId ?? "")) : fresh;
  const prepared = prepareServing(serving ? { ...privateServing, ...serving } : known.serving);
  const { page, local } = known.ports;
  return { prepared, ports: { page: port === undefined ? page : { port, orAny: false }, local } };
}

/** Calls all, in order, whatever happens to the ones before; the second call waits for the first. */
function closeOnce(parts: readonly (() => unknown)[]): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => (closing ??= closeAll(parts));
}

/** Rejects where one has failed, when all have been called. */
async function closeAll([first, ...rest]: readonly (() => unknown)[]): Promise<void> {
  try {
    await first?.();
  } finally {
    if (rest.length > 0) await closeAll(rest);
  }
}

const noted: ReadonlySet<JournalRecord["kind"]> = new Set(["experiment-status", "config-changed"]);

/** Keeps `manager.json` as the experiment's status and name change. */
function keepManagerFile(
  experiment: Experiment,
  directory: string,
  { url, publicUrl }: Pick<OpenServers, "url" | "publicUrl">,
): void {
  const write = (): void => {
    const { experimentId, config, status, statusReason, createdAt, endedAt } = experiment.state;
    const { experimentName: name, trainingService } = config;
    const platform = trainingService.platform;
    writeManagerFile(directory, {
      id: experimentId,
      name,
      status,
      statusReason,
      url,
      publicUrl,
      createdAt,
      endedAt,
      platform,
    });
  };
  experiment.subscribe((records) => {
    if (records.some(({ record }) => noted.has(record.kind))) write();
  });
  write();
}

/** What there is before anything runs. */
interface Ground {
  readonly experimentId: string;
  readonly directory: string;
  /** Sealed: its secrets are in the vault. */
  readonly config: ExperimentConfig;
  readonly vault: Vault;
  readonly seed: number;
  readonly journal: Journal;
  /** Held for as long as this process runs the experiment. */
  readonly lock: JournalLock;
  readonly resumed: boolean;
  /** 0 in a new experiment. */
  readonly lastRecordAt: number;
}

async function standOnNew({
  home,
  config,
  experimentId = newExperimentId(),
}: ManagerOptions): Promise<Ground> {
  if (!config) throw new PolyphaseError("config-missing", "a new experiment needs a config");
  await checkConfig(config);
  const directory = makeExperimentDirectory(home, experimentId, config.logDir);
  writeSecret(directory, "token", newToken());
  writeSecret(directory, "secret", newToken());
  const lock = await holdExperiment(directory, experimentId);
  const sealed = sealIn(directory, config);
  const journal = sqliteJournal(journalPath(directory), { durability: config.durability });
  const seed = config.seed ?? randomInt(2 ** 47);
  return {
    experimentId,
    directory,
    ...sealed,
    seed,
    journal,
    lock,
    resumed: false,
    lastRecordAt: 0,
  };
}

async function standOnOld({ home, experimentId, recovery }: ManagerOptions): Promise<Ground> {
  const directory = experimentDirectory(home, experimentId ?? "");
  const path = journalPath(directory);
  if (!experimentId || !existsSync(path)) {
    throw new PolyphaseError("experiment-missing", `there is no experiment ${experimentId ?? ""} in ${home}`);
  }
  const { config, seed, lastRecordAt } = endsOf(path, experimentId);
  const vault = findSecrets(directory, config);
  const { searchSpace } = recovery?.changes ?? {};
  if (searchSpace) await checkSearchSpace(openTuner(config, vault), searchSpace);
  const lock = await holdExperiment(directory, experimentId);
  const journal = sqliteJournal(path, { durability: config.durability });
  return { experimentId, directory, config, vault, seed, journal, lock, resumed: true, lastRecordAt };
}

/** What the first record says, and when the last was written. What has been changed since is in neither: the fold knows. */
function endsOf(path: string, experimentId: string): Pick<Ground, "config" | "seed" | "lastRecordAt"> {
  const journal = sqliteJournal(path, { readOnly: true });
  try {
    const first = recordAfter(journal, 0);
    const last = recordAfter(journal, journal.lastSeq - 1);
    if (first?.kind !== "experiment-created" || last === undefined) throw neverStarted(experimentId);
    return { config: first.config, seed: first.seed, lastRecordAt: last.at };
  } finally {
    journal.close();
  }
}

function recordAfter(journal: Journal, seq: number): JournalRecord | undefined {
  for (const { record } of journal.read(seq)) return record;
  return undefined;
}

function neverStarted(experimentId: string): PolyphaseError {
  return new PolyphaseError(
    "experiment-missing",
    `the journal of ${experimentId} is empty: it never started`,
  );
}
