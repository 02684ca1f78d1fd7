import type { Actor, ConfigChange, ExperimentState, Fact, JsonObject } from "../model/index.ts";
import * as change from "./decide-change.ts";

/** How a recovered experiment is to go on. */
export interface Recovery {
  /** Other limits than before: also an experiment that is DONE may go on with them. */
  readonly changes?: ConfigChange;
  /** It is only to be stopped, for this reason: whatever runs of it is ended, nothing is begun. */
  readonly stop?: string;
  readonly by?: Actor;
}

/** What is new since the last manager; recorded before the next one says that it has started. */
export function changesAtRecovery(state: ExperimentState, { changes = {}, by }: Recovery): Fact[] {
  const real = change.realChanges(state, changes);
  if (Object.keys(real).length === 0) return [];
  return [...change.acted(by, "update", real as JsonObject), { kind: "config-changed", changes: real }];
}

/** As what it goes on. */
export function statusAtRecovery(
  { pauseCause, statusReason }: ExperimentState,
  { stop, by }: Recovery,
): Fact[] {
  if (stop !== undefined)
    return [
      ...change.acted(by, "stop", { reason: stop }),
      { kind: "experiment-status", status: "STOPPING", reason: stop },
    ];
  if (pauseCause === "person")
    return [{ kind: "experiment-status", status: "PAUSED", reason: statusReason, cause: "person" }];
  return [running];
}

export const running: Fact = { kind: "experiment-status", status: "RUNNING", reason: null };
