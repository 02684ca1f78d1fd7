import type { JsonObject } from "../model/index.ts";
import { threadChannel } from "./thread-channel.ts";
import type { ChannelOptions } from "./thread-channel.ts";
import { tunerHostOf } from "./tuner-host.ts";
import type { TunerHost } from "./tuner-host.ts";

export interface WorkerTunerHost extends TunerHost {
  /** Lets the tuner hear what the journal holds up to that record; see `serveTunerThread`. */
  readHistory(upTo: number): void;
}

/** Runs a tuner in a worker thread. `entry` hands it to `serveTunerThread`; for the rest see {@link threadChannel}. */
export function workerTunerHost(
  entry: URL,
  workerData: JsonObject,
  options: ChannelOptions = {},
): WorkerTunerHost {
  const channel = threadChannel(entry, workerData, { ...options, role: "tuner" });
  return { ...tunerHostOf(channel), readHistory: (upTo) => channel.post({ kind: "history", upTo }) };
}
