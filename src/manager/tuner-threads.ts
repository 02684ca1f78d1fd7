import { workerTunerHost } from "../experiment/index.ts";
import type { TunerHost, WorkerTunerHost } from "../experiment/index.ts";
import type { JsonObject } from "../model/index.ts";
import type { Ground } from "./ground.ts";
import { journalPath } from "./home.ts";
import { tunerPlan, withTunersSecrets } from "./make-tuner.ts";
import type { TunerThreadData } from "./make-tuner.ts";
import { tunerThreadUrl } from "./tuner-thread-url.ts";

/** The tuner's thread, one at a time: a new one when the last has failed. The first begins to load at once. */
export function tunerThreads(
  { config, vault, seed, directory }: Ground,
  log: (message: string) => void,
): {
  open(upTo: number): TunerHost;
  close(): Promise<void>;
} {
  const plan = tunerPlan(withTunersSecrets(config, vault), seed);
  const data: TunerThreadData = { ...plan, journal: journalPath(directory) };
  const timeoutMs = config.tunerTimeoutMs ?? null; // journals of version 1 do not name it
  const start = (): WorkerTunerHost =>
    workerTunerHost(tunerThreadUrl(), data as unknown as JsonObject, { timeoutMs, log });
  let current = start();
  let used = false;
  return {
    open(upTo) {
      if (used) current = start();
      used = true;
      current.readHistory(upTo);
      return current;
    },
    close: () => current.close(),
  };
}
