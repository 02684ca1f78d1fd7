/** Puts the rooms together in one process, and knows where experiments live on disk. */
export { startManager } from "./start-manager.ts";
export type { ManagerOptions } from "./manager-options.ts";
export type { RunningManager } from "./start-manager.ts";
export { openArchive, serveArchive } from "./archive.ts";
export type { Archive, ServedArchive } from "./archive.ts";
export { replayExperiment } from "./replay.ts";
export type { Replay, ReplayDifference } from "../experiment/index.ts";
export { deleteExperiment } from "./delete-experiment.ts";
export { isOver, readState, remainsOf } from "./remains.ts";
export type { Remains } from "./remains.ts";
export type { Recovery } from "../experiment/index.ts";
export type { Serving } from "./serving.ts";
export { checkConfig } from "./make-tuner.ts";
export { experimentDirectory, listExperiments, readManagerFile, readToken, stateHome } from "./home.ts";
export type { ManagerFile } from "./home.ts";
export { newExperimentId } from "./ids.ts";
export { builtinTunerNames } from "../tuners/index.ts";
export { version } from "./version.ts";
