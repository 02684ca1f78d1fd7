import { parentPort, workerData } from "node:worker_threads";
import { serveTunerThread, tunerHistory, upToRecord } from "../experiment/index.ts";
import type { TunerMessage } from "../experiment/index.ts";
import { sqliteJournal } from "../journal/index.ts";
import { makeTuner } from "./make-tuner.ts";
import type { TunerPlan } from "./make-tuner.ts";

/** What a tuner's thread is given. */
export interface TunerThreadData extends TunerPlan {
  /** Path of the journal, from which it reads the history. */
  readonly journal: string;
}

// The module of the tuner's thread: like the assessor's, it does something when it is loaded.
if (parentPort) {
  const data = workerData as TunerThreadData;
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
