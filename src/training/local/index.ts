/**
 * Trial jobs as processes of this machine. Each job is a process group of its own: it outlives the manager, and the next
 * manager finds it again by what is written under its output directory (see job-files.ts).
 */
export { localTrainingService } from "./local-training-service.ts";
export type { LocalOptions } from "./settings.ts";
export type { LocalClock } from "./timers.ts";
