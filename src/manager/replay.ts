import { replayProposals, workerTunerHost } from "../experiment/index.ts";
import type { Replay } from "../experiment/index.ts";
import { sqliteJournal } from "../journal/index.ts";
import { PolyphaseError } from "../model/index.ts";
import type { JsonObject } from "../model/index.ts";
import { journalPath } from "./home.ts";
import { tunerPlan } from "./make-tuner.ts";
import { findSecrets, redactError } from "./secrets.ts";
import { tunerThreadUrl } from "./tuner-thread-url.ts";

/**
 * Makes every proposal of an experiment again, with a fresh tuner of the journal's own config and seed, and compares. Only
 * reads: the experiment may be running. Throws `experiment-missing`, `journal-unreadable`, `tuner-failed`.
 */
export async function replayExperiment(
  directory: string,
  onProgress?: (compared: number, total: number) => void,
): Promise<Replay> {
  const journal = sqliteJournal(journalPath(directory), { readOnly: true });
  try {
    const [first] = journal.read();
    if (first?.record.kind !== "experiment-created")
      throw new PolyphaseError(
        "experiment-missing",
        `the journal in ${directory} is empty: it never started`,
      );
    const { config, seed } = first.record;
    const { open, redact } = findSecrets(directory, config);
    const plan = tunerPlan({ ...config, tuner: open(config.tuner) }, seed) as unknown as JsonObject;
    const tuner = workerTunerHost(tunerThreadUrl(), plan, { timeoutMs: config.tunerTimeoutMs ?? null });
    try {
      return await replayProposals(journal.read(), tuner, onProgress);
    } catch (error) {
      throw redactError(error, redact);
    } finally {
      await tuner.close();
    }
  } finally {
    journal.close();
  }
}
