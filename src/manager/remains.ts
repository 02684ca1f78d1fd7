import { existsSync } from "node:fs";
import { fold, sqliteJournal } from "../journal/index.ts";
import { endStatuses } from "../model/index.ts";
import type { ExperimentState, ExperimentStatus } from "../model/index.ts";
import { journalPath } from "./home.ts";

/** How an experiment without a manager was left. */
export interface Remains {
  /** Null: it never started. */
  readonly status: ExperimentStatus | null;
  readonly statusReason: string | null;
  /** Trial jobs whose end is not in the journal: they may be running, or waiting for a manager. */
  readonly trialJobs: number;
}

const nothing: Remains = { status: null, statusReason: null, trialJobs: 0 };

/** What the journal says, whatever `manager.json` does: a manager that was killed had no time to write that. */
export function remainsOf(directory: string): Remains {
  if (!existsSync(journalPath(directory))) return nothing;
  const { seq, status, statusReason, activeTrialJobs } = readState(directory);
  return seq === 0 ? nothing : { status, statusReason, trialJobs: activeTrialJobs.size };
}

/** All that the journal says. Throws `journal-unreadable`. */
export function readState(directory: string): ExperimentState {
  const journal = sqliteJournal(journalPath(directory), { readOnly: true });
  try {
    return fold(journal.read());
  } finally {
    journal.close();
  }
}

/** Whether nothing is left to do: it has ended, and so have its trial jobs. */
export function isOver({ status, trialJobs }: Remains): boolean {
  return trialJobs === 0 && (status === null || endStatuses.has(status));
}
