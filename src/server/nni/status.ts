import type { ExperimentState } from "../../model/index.ts";
import type { NniCheckStatus, NniExperimentStatus } from "./schemas.ts";

/**
 * NNI knows no pause. One by a person reads as RUNNING: the experiment goes on when they say so. One that a failure of
 * the tuner or the assessor caused reads as ERROR, which it was in NNI: nothing goes on until somebody has mended it.
 */
export function checkStatusView({ status, statusReason, pauseCause }: ExperimentState): NniCheckStatus {
  const shown: NniExperimentStatus =
    status !== "PAUSED" ? status : pauseCause === "person" ? "RUNNING" : "ERROR";
  return { status: shown, errors: shown === "ERROR" && statusReason !== null ? [statusReason] : [] };
}
