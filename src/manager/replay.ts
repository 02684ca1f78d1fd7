import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replayProposals, workerTunerHost } from "../experiment/index.ts";
import type { Replay, TunerHost } from "../experiment/index.ts";
import { sqliteJournal } from "../journal/index.ts";
import { isPython, PolyphaseError } from "../model/index.ts";
import type { ExperimentConfig, JsonObject } from "../model/index.ts";
import { journalPath } from "./home.ts";
import { pythonTuner } from "./algorithms.ts";
import { tunerPlan } from "./make-tuner.ts";
import { findSecrets, redactError } from "./secrets.ts";
import { compiledModule } from "./compiled-module.ts";

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
    const scratch = mkdtempSync(join(tmpdir(), "polyphase-replay-"));
    const tuner = freshTuner({ ...config, tuner: open(config.tuner) }, { seed, scratch });
    try {
      return await replayProposals(journal.read(), tuner, onProgress);
    } catch (error) {
      throw redactError(error, redact);
    } finally {
      await tuner.close();
      rmSync(scratch, { recursive: true, force: true });
    }
  } finally {
    journal.close();
  }
}

/** `scratch`: where a tuner in Python leaves its logs. */
function freshTuner(
  config: ExperimentConfig,
  { seed, scratch }: { readonly seed: number; readonly scratch: string },
): TunerHost {
  if (isPython(config.tuner)) {
    const around = { experimentId: "replay", directory: scratch, config, resumed: false };
    return pythonTuner(config.tuner, around, () => {});
  }
  const plan = tunerPlan(config, seed) as unknown as JsonObject;
  return workerTunerHost(compiledModule("tuner-thread.js"), plan, {
    timeoutMs: config.tunerTimeoutMs ?? null,
  });
}
