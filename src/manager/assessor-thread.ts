import { parentPort, workerData } from "node:worker_threads";
import { serveAssessorThread } from "../experiment/index.ts";
import { makeAssessor } from "./make-assessor.ts";
import type { AssessorPlan } from "./make-assessor.ts";

// The module of the assessor's thread: like the tuner's, it does something when it is loaded.
if (parentPort) serveAssessorThread(parentPort, (log) => makeAssessor(workerData as AssessorPlan, log));
