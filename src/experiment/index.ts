/** The loop of one experiment: decide → append → apply → act. */
export { createExperiment, recoverExperiment } from "./drive.ts";
export type { ExperimentDeps, NewExperiment } from "./drive.ts";
export type { Recovery } from "./recovery.ts";
export type { Experiment } from "./experiment.ts";
export { tunerHistory, upToRecord, withHistory } from "./recover.ts";
export { replayProposals } from "./replay.ts";
export type { Replay, ReplayDifference } from "./replay.ts";
export { systemClock } from "./clock.ts";
export type { Clock } from "./clock.ts";
export { inlineTunerHost } from "./inline-tuner-host.ts";
export type { TunerHost, TunerMessage } from "./tuner-host.ts";
export { workerTunerHost } from "./worker-tuner-host.ts";
export type { WorkerTunerHost } from "./worker-tuner-host.ts";
export { serveTunerThread } from "./serve-tuner-thread.ts";
