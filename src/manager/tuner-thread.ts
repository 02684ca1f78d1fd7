import { parentPort, workerData } from "node:worker_threads";
import { serveTunerThread } from "../experiment/index.ts";
import { makeTuner } from "./make-tuner.ts";
import type { TunerPlan } from "./make-tuner.ts";

// The module of the tuner's thread: the one file here that does something when it is loaded.
if (parentPort) serveTunerThread(parentPort, () => makeTuner(workerData as TunerPlan));
