import { parentPort, workerData } from "node:worker_threads";
import { serveTunerThread, tunerHistory, upToRecord } from "../experiment/index.ts";
import type { TunerMessage } from "../experiment/index.ts";
import { sqliteJournal } from "../journal/index.ts";
import { makeTuner } from "./make-tuner.ts";
import type { TunerThreadData } from "./make-tuner.ts";

// The module of the tuner's thread: the one file here that does something when it is loaded.
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
