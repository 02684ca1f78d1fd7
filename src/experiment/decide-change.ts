import { canonical, changeableKeys, PolyphaseError } from "../model/index.ts";
import type {
  Actor,
  ConfigChange,
  ExperimentState,
  Fact,
  Json,
  JsonObject,
  ObservedPoint,
  PauseCause,
  PersonsAction,
  PersonsDeed,
} from "../model/index.ts";
import { isOpen, isPaused } from "./limits.ts";

/*
 * What it means when a person changes a running experiment: pure functions from the state to facts, as in decide.ts. They
 * refuse with `experiment-ended` where nothing can be changed any more.
 */

/** The line of the audit trail. None where the caller is the manager itself. */
export function acted(by: Actor | undefined, action: PersonsAction, details: JsonObject = {}): Fact[] {
  return by === undefined ? [] : [{ kind: "person-acted", by, action, details }];
}

/** What was done for this request before, where its caller asks again because no answer came. */
export function doneBefore(
  { actions }: ExperimentState,
  action: PersonsAction,
  requestId: string | undefined,
): PersonsDeed | undefined {
  if (requestId === undefined) return undefined;
  return actions.find((deed) => deed.action === action && deed.details["requestId"] === requestId);
}

/** A pause by a person outlasts one by a failure of the tuner or assessor, never the other way round. */
export function onPaused(state: ExperimentState, reason: string, cause: PauseCause): Fact[] {
  refuseUnlessOpen(state);
  if (isPaused(state) && (state.pauseCause === cause || cause !== "person")) return [];
  return [{ kind: "experiment-status", status: "PAUSED", reason, cause }];
}

export function onUnpaused(state: ExperimentState): Fact[] {
  refuseUnlessOpen(state);
  return isPaused(state) ? [{ kind: "experiment-status", status: "RUNNING", reason: null }] : [];
}

/** Keys that are as they were already do not count. */
export function onConfigChanged(state: ExperimentState, asked: ConfigChange): Fact[] {
  refuseUnlessOpen(state);
  const changes = realChanges(state, asked);
  if (Object.keys(changes).length === 0) return [];
  const facts: Fact[] = [{ kind: "config-changed", changes }];
  // Of another space a tuner may have more.
  if ("searchSpace" in changes && state.status === "TUNER_NO_MORE_TRIAL")
    facts.push({ kind: "experiment-status", status: "RUNNING", reason: null });
  return facts;
}

export function realChanges({ config }: ExperimentState, asked: ConfigChange): ConfigChange {
  const keys = changeableKeys.filter(
    (key) => asked[key] !== undefined && canonical(asJson(asked[key])) !== canonical(asJson(config[key])),
  );
  return Object.fromEntries(keys.map((key) => [key, asked[key]]));
}

function asJson(value: unknown): Json {
  return (value ?? null) as Json;
}

/** Refused where the limits leave no phase for them, rather than kept without ever being evaluated. */
export function onParametersAdded(state: ExperimentState, parameters: Json): Fact[] {
  refuseUnlessOpen(state);
  const limit = limitInTheWay(state);
  if (limit !== null) {
    throw new PolyphaseError("limit-reached", `${limit} leaves no phase for these parameters`, {
      hint: "raise the limit first: polyphase update",
    });
  }
  return [{ kind: "parameters-added", additionId: state.nextAdditionId, parameters }];
}

function limitInTheWay({
  config,
  phases,
  trialJobs,
  additions,
  activeTrialJobs,
}: ExperimentState): string | null {
  const { maxPhaseNum, maxTrialNum } = config;
  if (maxPhaseNum !== null && phases.size + additions.size >= maxPhaseNum)
    return `maxPhaseNum (${maxPhaseNum})`;
  const asking = [...activeTrialJobs].some((id) => !trialJobs.get(id)?.noMore);
  if (maxTrialNum !== null && trialJobs.size >= maxTrialNum && !(asking && config.multiPhase))
    return `maxTrialNum (${maxTrialNum})`;
  return null;
}

export function onPointsImported(state: ExperimentState, rows: readonly ObservedPoint[]): Fact[] {
  refuseUnlessOpen(state);
  return rows.length === 0 ? [] : [{ kind: "points-imported", rows }];
}

function refuseUnlessOpen(state: ExperimentState): void {
  if (isOpen(state)) return;
  throw new PolyphaseError(
    "experiment-ended",
    `experiment ${state.experimentId} is ${state.status}: it cannot be changed any more`,
    { hint: `polyphase resume ${state.experimentId} goes on with it, also with other limits` },
  );
}
