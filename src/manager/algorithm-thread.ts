import { parentPort, workerData } from "node:worker_threads";
import { serveAssessorThread, serveTunerThread, tunerHistory, upToRecord } from "../experiment/index.ts";
import type { TunerMessage } from "../experiment/index.ts";
import { sqliteJournal } from "../journal/index.ts";
import { makeAssessor } from "./make-assessor.ts";
import type { AssessorPlan } from "./make-assessor.ts";
import { makeTuner } from "./make-tuner.ts";
import type { TunerPlan } from "./make-tuner.ts";

/** What the thread of a tuner is given, or that of an assessor. */
export type AlgorithmThreadData = TunerThreadData | AssessorPlan;

export interface TunerThreadData extends TunerPlan {
  /** Path of the journal, from which it reads the history. */
  readonly journal: string;
}

// The module of the thread: the one file here that does something when it is loaded.
if (parentPort) {
  const data = workerData as AlgorithmThreadData;
  if ("assessor" in data) serveAssessorThread(parentPort, (log) => makeAssessor(data, log));
  else
    serveTunerThread(
      parentPort,
      (log) => makeTuner(data, log),
      (upTo) => readHistory(data.journal, upTo),
    );
}

function readHistory(path: string, upTo: number): readonly TunerMessage[] {
  const journal = sqliteJournal(path, { readOnly: true, checkedElsewhere: true });
  try {
    return tunerHistory(upToRecord(journal.read(), upTo));
  } finally {
    journal.close();
  }
}
