import { randomInt } from "node:crypto";
import { existsSync, realpathSync, rmSync } from "node:fs";
import { sqliteJournal } from "../journal/index.ts";
import type { Journal, JournalLock } from "../journal/index.ts";
import { PolyphaseError } from "../model/index.ts";
import type { ExperimentConfig, JournalRecord } from "../model/index.ts";
import { annotateInto, withAnnotatedSpace } from "./annotate.ts";
import { holdExperiment } from "./hold-experiment.ts";
import { experimentDirectory, journalPath, makeExperimentDirectory, writeSecret } from "./home.ts";
import { newExperimentId, newToken } from "./ids.ts";
import { checkConfig, checkSearchSpace } from "./check-config.ts";
import { withTunersSecrets } from "./make-tuner.ts";
import { findSecrets, sealIn } from "./secrets.ts";
import type { Vault } from "./secrets.ts";
import type { ManagerOptions } from "./manager-options.ts";

/** What there is before anything runs. */
export interface Ground {
  readonly experimentId: string;
  readonly directory: string;
  /** Sealed: its secrets are in the vault. */
  readonly config: ExperimentConfig;
  readonly vault: Vault;
  readonly seed: number;
  readonly journal: Journal;
  /** Held for as long as this process runs the experiment. */
  readonly lock: JournalLock;
  readonly resumed: boolean;
  /** 0 in a new experiment. */
  readonly lastRecordAt: number;
}

/** Makes the directory of a new experiment, with its tokens and secrets. */
export async function standOnNew({
  home,
  config,
  experimentId = newExperimentId(),
}: ManagerOptions): Promise<Ground> {
  if (!config) throw new PolyphaseError("config-missing", "a new experiment needs a config");
  await checkConfig(await withAnnotatedSpace(config));
  const directory = makeExperimentDirectory(home, experimentId, config.logDir);
  writeSecret(directory, "token", newToken());
  writeSecret(directory, "secret", newToken());
  const lock = await holdExperiment(directory, experimentId);
  const complete = await annotateInto(directory, config).catch((error: unknown) => {
    lock.release();
    forgetDirectory(home, experimentId);
    throw error;
  });
  const sealed = sealIn(directory, complete);
  const journal = sqliteJournal(journalPath(directory), { durability: config.durability });
  const seed = config.seed ?? randomInt(2 ** 47);
  return {
    experimentId,
    directory,
    ...sealed,
    seed,
    journal,
    lock,
    resumed: false,
    lastRecordAt: 0,
  };
}

/** What was just made is taken away again, also where it is elsewhere (`logDir`). */
function forgetDirectory(home: string, experimentId: string): void {
  const place = experimentDirectory(home, experimentId);
  rmSync(realpathSync(place), { recursive: true, force: true });
  rmSync(place, { recursive: true, force: true });
}

/** Finds an old experiment again and takes it for this process. Throws `experiment-missing`, `experiment-running`. */
export async function standOnOld({ home, experimentId, recovery }: ManagerOptions): Promise<Ground> {
  const directory = experimentDirectory(home, experimentId ?? "");
  const path = journalPath(directory);
  if (!experimentId || !existsSync(path)) {
    throw new PolyphaseError("experiment-missing", `there is no experiment ${experimentId ?? ""} in ${home}`);
  }
  const { config, seed, lastRecordAt } = endsOf(path, experimentId);
  const vault = findSecrets(directory, config);
  const { searchSpace } = recovery?.changes ?? {};
  if (searchSpace) await checkSearchSpace(withTunersSecrets(config, vault), searchSpace);
  const lock = await holdExperiment(directory, experimentId);
  const journal = sqliteJournal(path, { durability: config.durability });
  return { experimentId, directory, config, vault, seed, journal, lock, resumed: true, lastRecordAt };
}

/** What the first record says, and when the last was written. What has been changed since is in neither: the fold knows. */
function endsOf(path: string, experimentId: string): Pick<Ground, "config" | "seed" | "lastRecordAt"> {
  const journal = sqliteJournal(path, { readOnly: true, checkedElsewhere: true }); // when it is opened for writing
  try {
    const first = recordAfter(journal, 0);
    const last = recordAfter(journal, journal.lastSeq - 1);
    if (first?.kind !== "experiment-created" || last === undefined) throw neverStarted(experimentId);
    return { config: first.config, seed: first.seed, lastRecordAt: last.at };
  } finally {
    journal.close();
  }
}

function recordAfter(journal: Journal, seq: number): JournalRecord | undefined {
  for (const { record } of journal.read(seq)) return record;
  return undefined;
}

function neverStarted(experimentId: string): PolyphaseError {
  return new PolyphaseError(
    "experiment-missing",
    `the journal of ${experimentId} is empty: it never started`,
  );
}
