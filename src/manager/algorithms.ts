import {
  assessorHostOf,
  processChannel,
  tunerHostOf,
  withHistory,
  workerAssessorHost,
  workerTunerHost,
} from "../experiment/index.ts";
import type { AssessorHost, TunerHost } from "../experiment/index.ts";
import { isPython } from "../model/index.ts";
import type { AlgorithmConfig, CustomAlgorithm, ExperimentConfig, JsonObject } from "../model/index.ts";
import { compiledModule } from "./compiled-module.ts";
import type { Ground } from "./ground.ts";
import { journalPath } from "./home.ts";
import type { Log } from "./log.ts";
import { assessorPlan } from "./make-assessor.ts";
import { tunerPlan, withTunersSecrets } from "./make-tuner.ts";
import { pythonProcess } from "./python-process.ts";
import type { TunerThreadData } from "./tuner-thread.ts";

export interface Algorithms {
  openTuner(upTo: number): TunerHost;
  openAssessor?(): AssessorHost;
  close(): Promise<void>;
}

type AlgorithmGround = Pick<
  Ground,
  "experimentId" | "directory" | "config" | "vault" | "seed" | "journal" | "resumed"
>;

/**
 * Where the tuner and the assessor live: each in a thread of its own, or where it is written in Python in a process. One at a
 * time: a new one when the last has failed. The first of each begins to load at once.
 */
export function openAlgorithms(ground: AlgorithmGround, log: Log): Algorithms {
  const config = withTunersSecrets(ground.config, ground.vault);
  const { tuner, assessor } = config;
  const logOf = (algorithm: AlgorithmConfig) => (message: string) =>
    log("info", `${nameOf(algorithm)}: ${message}`);
  const tuners = oneAtATime((again) => startTuner({ ...ground, config }, again, logOf(tuner)));
  const assessors =
    assessor && oneAtATime((again) => startAssessor(assessor, { ...ground, config }, again, logOf(assessor)));
  return {
    openTuner: (upTo) => tuners.next().tellHistory(upTo),
    ...(assessors && { openAssessor: () => assessors.next() }),
    async close() {
      await Promise.all([tuners.close(), assessors?.close()]);
    },
  };
}

export function nameOf(algorithm: AlgorithmConfig): string {
  return algorithm.kind === "builtin" ? algorithm.name : algorithm.className;
}

interface StartedTuner {
  /** The tuner, which hears what the journal holds up to that record. */
  tellHistory(upTo: number): TunerHost;
  close(): Promise<void>;
}

/** `again`: another one has been there before, so what it was told is history. */
function startTuner(ground: AlgorithmGround, again: boolean, log: (message: string) => void): StartedTuner {
  const { config, seed, journal, directory } = ground;
  if (isPython(config.tuner)) {
    const host = pythonTuner(config.tuner, { ...ground, resumed: again || ground.resumed }, log);
    return { tellHistory: (upTo) => withHistory(host, journal, upTo), close: () => host.close() };
  }
  const data: TunerThreadData = { ...tunerPlan(config, seed), journal: journalPath(directory) };
  const host = workerTunerHost(compiledModule("tuner-thread.js"), data as unknown as JsonObject, {
    timeoutMs: timeoutOf(config),
    log,
  });
  return {
    tellHistory(upTo) {
      host.readHistory(upTo);
      return host;
    },
    close: () => host.close(),
  };
}

/** A tuner or advisor in Python. */
export function pythonTuner(
  tuner: CustomAlgorithm,
  around: Pick<AlgorithmGround, "experimentId" | "directory" | "config" | "resumed">,
  log: (message: string) => void,
): TunerHost {
  const { config } = around;
  const role = tuner.advisor ? "advisor" : "tuner";
  const concurrent = config.multiThread ?? false;
  // One that thinks about several things at once may take its time over each.
  const timeoutMs = concurrent ? null : timeoutOf(config);
  const channel = processChannel(pythonProcess(role, tuner, around), { role, timeoutMs, log });
  return tunerHostOf(channel, { concurrent, hearsEverything: tuner.advisor ?? false });
}

function startAssessor(
  assessor: AlgorithmConfig,
  ground: AlgorithmGround,
  again: boolean,
  log: (message: string) => void,
): AssessorHost {
  const { config, seed } = ground;
  const options = { role: "assessor", timeoutMs: timeoutOf(config), log } as const;
  if (!isPython(assessor)) {
    const plan = assessorPlan(assessor, config, seed);
    return workerAssessorHost(compiledModule("assessor-thread.js"), plan as unknown as JsonObject, options);
  }
  const around = { ...ground, resumed: again || ground.resumed };
  return assessorHostOf(processChannel(pythonProcess("assessor", assessor, around), options));
}

/** Journals of version 1 do not name it. */
function timeoutOf({ tunerTimeoutMs }: ExperimentConfig): number | null {
  return tunerTimeoutMs ?? null;
}

function oneAtATime<Started extends { close(): Promise<void> }>(
  start: (again: boolean) => Started,
): { next(): Started; close(): Promise<void> } {
  let current = start(false);
  let used = false;
  return {
    next() {
      if (used) current = start(true);
      used = true;
      return current;
    },
    close: () => current.close(),
  };
}
