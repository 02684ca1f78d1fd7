/** Types for authors of tuners and training services. */
export type {
  Json,
  JsonObject,
  ObservedPoint,
  OptimizeMode,
  ParameterRequest,
  PhaseOutcome,
  Proposal,
  SearchSpace,
  TrialEnd,
  TrialResult,
  Tuner,
  TunerFactory,
  TunerOptions,
  TunerRequest,
} from "./model/index.ts";
export type {
  CancelOptions,
  CancelReason,
  JobHandle,
  TrainingService,
  TrialJobSpec,
  TrialJobStatus,
} from "./model/index.ts";
