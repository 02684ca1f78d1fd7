import type { JsonObject } from "../model/index.ts";
import { assessorHostOf } from "./assessor-host.ts";
import type { AssessorHost } from "./assessor-host.ts";
import { threadChannel } from "./thread-channel.ts";
import type { ChannelOptions } from "./thread-channel.ts";

/** Runs an assessor in a worker thread. `entry` hands it to `serveAssessorThread`; for the rest see {@link threadChannel}. */
export function workerAssessorHost(
  entry: URL,
  workerData: JsonObject,
  options: ChannelOptions = {},
): AssessorHost {
  const channel = threadChannel(entry, workerData, { ...options, role: "assessor" });
  const recall: AssessorHost["recall"] = (result) =>
    channel.post({ kind: "tell", messages: [{ kind: "intermediate-result", ...result }] });
  return { ...assessorHostOf(channel), recall };
}
