import { rmSync } from "node:fs";
import { createExperiment, recoverExperiment, systemClock } from "../experiment/index.ts";
import type { Clock, Experiment, ExperimentDeps } from "../experiment/index.ts";
import type { Actor, CancelOptions, ExperimentStatus } from "../model/index.ts";
import { createApp, usableRows } from "../server/index.ts";
import { nameOf, openAlgorithms } from "./algorithms.ts";
import { standOnNew, standOnOld } from "./ground.ts";
import type { Ground } from "./ground.ts";
import { experimentDirectory, readNetrcPassword, readSecret, viewerTokenOf } from "./home.ts";
import { hashOf, newTrialJobId, trialJobToken } from "./ids.ts";
import { keepManagerFile } from "./keep-manager-file.ts";
import { fileLog } from "./log.ts";
import type { Log } from "./log.ts";
import { checkSearchSpace } from "./check-config.ts";
import { withTunersSecrets } from "./make-tuner.ts";
import type { ManagerOptions } from "./manager-options.ts";
import { redactError } from "./secrets.ts";
import type { Vault } from "./secrets.ts";
import { prepareServing, privateServing, rememberedServing, rememberServing } from "./serving.ts";
import type { OpenServers, Ports, PreparedServing } from "./serving.ts";
import { openTrainingService } from "./training-services.ts";
import { writeParameterFiles } from "./parameter-files.ts";
import { appendTrialLog, readManagerLog, readTrialLog } from "./trial-logs.ts";
import { trialJobSpec } from "./trial-job-spec.ts";
import { version } from "./version.ts";

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
  /** After the end: lets go of the experiment, which is over, and only answers those who read it until `close`. */
  linger(): Promise<void>;
  /** Closes server, tuner and journal. Jobs that run go on: a resumed manager finds them. */
  close(): Promise<void>;
}

/**
 * Puts the rooms together in this process: journal, tuner, assessor, training service, experiment and server. Resolves when
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
  const tokens = experimentTokens(ground, options.home);
  const log = await fileLog(directory, config.logLevel, vault.redact);
  const service = await openTrainingService(config, vault);
  const { close: closeAlgorithms, ...algorithms } = openAlgorithms(ground, log);
  let url = "";
  const tokenOf = trialJobTokens(ground);
  const settings = { ...ground, token: tokenOf, url: () => url };
  const gate = startGate();
  const deps: ExperimentDeps = {
    journal,
    ...algorithms,
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
  knowTokensOf(experiment, tokenOf);
  const { clock, hostNames } = { ...deps, ...prepared };
  const app = appOf(experiment, { ...ground, ...tokens, hostNames, log, clock, url: () => url });
  const closeRooms = closeOnce([
    closeAlgorithms,
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
  const { lingers } = keepManagerFile(experiment, directory, server);
  writeParameterFiles(experiment, directory);
  logStartAndEnd(experiment, log, ground, server);
  gate.open();
  return {
    experiment,
    experimentId: ground.experimentId,
    ...server,
    token: tokens.token,
    directory,
    ended: experiment.ended,
    stop: (reason, options) => experiment.stop(reason, options),
    linger: () => closeRooms().then(lingers),
    close: closeOnce([() => server.close(), closeRooms]),
  };
}

/** Scripts written for NNI look for the words "Experiment done". */
function logStartAndEnd(
  experiment: Experiment,
  log: Log,
  { experimentId, config, seed }: Ground,
  { publicUrl }: Pick<OpenServers, "publicUrl">,
): void {
  log("info", `experiment ${experimentId} runs at ${publicUrl} (pid ${process.pid})`);
  log("info", `${nameOf(config.tuner)}: optimize_mode ${config.optimizeMode}, seed ${seed}`);
  void experiment.ended.then((status) => {
    const { statusReason } = experiment.state;
    const what = status === "DONE" ? "Experiment done" : `Experiment is ${status}`;
    log(status === "ERROR" ? "error" : "info", statusReason === null ? what : `${what}: ${statusReason}`);
  });
}

/** What opens the management API. No text shows it. */
function experimentTokens(
  { directory, vault }: Ground,
  home: string,
): Pick<AppGround, "token" | "viewerToken" | "password"> {
  const token = readSecret(directory, "token");
  const viewerToken = viewerTokenOf(directory);
  const password = readNetrcPassword(home);
  for (const hidden of [token, viewerToken, password]) if (hidden !== undefined) vault.hide(hidden);
  return { token, viewerToken, password };
}

/** The gate is still closed: the points are in the journal before the tuner is asked for anything. */
function begin(deps: ExperimentDeps, ground: Ground, { points = [], recovery }: ManagerOptions): Experiment {
  const experiment = ground.resumed ? recoverExperiment(deps, recovery) : createExperiment(deps, ground);
  const { rows } = usableRows(experiment.state.config, points);
  experiment.importPoints(rows, recovery?.by).catch(() => undefined); // a journal that breaks ends it anyway
  return experiment;
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

/** Jobs of an earlier manager have theirs. */
function knowTokensOf({ state }: Experiment, tokenOf: ReturnType<typeof trialJobTokens>): void {
  for (const id of state.activeTrialJobs) tokenOf(id, state.trialJobs.get(id)?.attempt);
}

interface AppGround {
  readonly directory: string;
  readonly token: string;
  readonly viewerToken: string;
  readonly password: string | undefined;
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
    ...(ground.password === undefined ? {} : { password: ground.password }),
    hostNames: ground.hostNames,
    readLog: (trialJobId, stream) => readTrialLog(ground.directory, experiment, trialJobId, stream),
    appendTrialLog: (trialJobId, lines) => appendTrialLog(ground.directory, experiment, trialJobId, lines),
    managerLog: () => readManagerLog(ground.directory),
    checkSearchSpace: (space) =>
      checkSearchSpace(withTunersSecrets(experiment.state.config, ground.vault), space),
    directory: ground.directory,
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
