import type { ExperimentState, IntermediateResult, Phase, TrialJob } from "../../model/index.ts";
import { doublyEncoded } from "./nni-text.ts";
import type { NniMetric } from "./schemas.ts";

/** Everything that these jobs have reported, in the order in which it came. */
export function metricsOf(state: ExperimentState, jobs: Iterable<TrialJob>): readonly NniMetric[] {
  const all: NniMetric[] = [];
  for (const job of jobs) {
    for (const parameterId of job.parameterIds) {
      const phase = state.phases.get(parameterId);
      if (phase !== undefined) addRecords(all, phase);
    }
  }
  return all.sort((one, other) => one.timestamp - other.timestamp); // stable: a phase's final result stays its last
}

/** All final results, and the newest intermediate result of each job. */
export function latestMetrics(state: ExperimentState): readonly NniMetric[] {
  const latest: NniMetric[] = [];
  for (const job of state.trialJobs.values()) {
    let newest: NniMetric | undefined;
    for (const parameterId of job.parameterIds) {
      const phase = state.phases.get(parameterId);
      if (phase === undefined) continue;
      const last = phase.intermediateResults.at(-1);
      if (last !== undefined) newest = intermediateRecord(phase, last);
      const final = finalRecordOf(phase);
      if (final !== undefined) latest.push(final);
    }
    if (newest !== undefined) latest.push(newest);
  }
  return latest;
}

/** Intermediate results of the last attempt: a job that is started again reports its phase from the beginning. */
function addRecords(all: NniMetric[], phase: Phase): void {
  const attempt = phase.intermediateResults.at(-1)?.attempt;
  for (const result of phase.intermediateResults)
    if (result.attempt === attempt) all.push(intermediateRecord(phase, result));
  const final = finalRecordOf(phase);
  if (final !== undefined) all.push(final);
}

function intermediateRecord(phase: Phase, { sequence, value, at }: IntermediateResult): NniMetric {
  return {
    timestamp: at,
    trialJobId: phase.trialJobId,
    parameterId: String(phase.parameterId),
    type: "PERIODICAL",
    sequence,
    data: doublyEncoded(value),
  };
}

/** Undefined where the phase has reported none. */
export function finalRecordOf(phase: Phase): NniMetric | undefined {
  if (phase.outcome !== "succeeded") return undefined;
  return {
    timestamp: phase.endedAt as number, // it has ended
    trialJobId: phase.trialJobId,
    parameterId: String(phase.parameterId),
    type: "FINAL",
    sequence: 0,
    data: doublyEncoded(phase.value),
  };
}
