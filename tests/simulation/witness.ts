import type { Json, JournalRecord, NumberedRecord, ParameterRequest } from "../../src/model/index.ts";
import type { ParametersAnswer } from "../../src/model/http.ts";

/** Who a process is: one attempt of one trial job. */
export interface ProcessName {
  readonly trialJobId: string;
  readonly attempt: number;
}

/** What happened outside of the journal, as seen from beside the wire: by no party's own account. */
export type Sight =
  /** The manager sends parameters, or "no more". */
  | {
      readonly kind: "answered";
      readonly trialJobId: string;
      readonly parameterIndex: number;
      readonly answer: Exclude<ParametersAnswer, { kind: "wait" }>;
    }
  /** The manager acknowledges a result; `sequence` is null for a final one. */
  | {
      readonly kind: "acknowledged";
      readonly who: ProcessName;
      readonly parameterIndex: number;
      readonly sequence: number | null;
      readonly value: Json;
      readonly phase: string;
    }
  /** The manager refuses a final result. */
  | {
      readonly kind: "result-refused";
      readonly who: ProcessName;
      readonly parameterIndex: number;
      readonly value: Json;
      readonly code: string;
    }
  /** The manager tells a person that something is done. */
  | {
      readonly kind: "promised-person";
      readonly that: "phase-ended" | "trial-job-ended" | "parameters-added";
      readonly of: string | number;
    }
  /** A process is refused what it asks for. */
  | { readonly kind: "refused"; readonly who: ProcessName; readonly code: string; readonly message: string }
  /** A process has the parameters of a phase in hand for the first time: it evaluates them now. `process` numbers it. */
  | {
      readonly kind: "begun";
      readonly who: ProcessName;
      readonly process: number;
      readonly parameterId: number;
    }
  | { readonly kind: "submitted"; readonly who: ProcessName; readonly manager: number }
  | {
      readonly kind: "process-started" | "process-ended";
      readonly who: ProcessName;
      readonly process: number;
    }
  | { readonly kind: "manager-started"; readonly manager: number }
  | { readonly kind: "manager-gone"; readonly manager: number }
  /** Tuners are numbered too: a manager opens a new one when one has failed. */
  | { readonly kind: "tuner-opened"; readonly tuner: number }
  | { readonly kind: "tuner-failed"; readonly tuner: number }
  | { readonly kind: "tuner"; readonly tuner: number; readonly call: TunerCall }
  /** What cannot be, by name: a fault of the simulated parties' own account. */
  | { readonly kind: "fault"; readonly message: string };

export type TunerCall =
  | ({ readonly kind: "ask" } & ParameterRequest)
  | { readonly kind: "result"; readonly parameterId: number; readonly trialJobId: string }
  | { readonly kind: "end"; readonly parameterId: number; readonly trialJobId: string }
  | { readonly kind: "space" }
  | { readonly kind: "import" };

export type Seen = Sight & Moment;

export interface Moment {
  /** How many records were in the journal by then. */
  readonly durable: number;
  /** Virtual time. */
  readonly at: number;
}

export interface Witness {
  note(sight: Sight): void;
  readonly seen: readonly Seen[];
}

/** Everything that a run leaves behind, for the rules to look at. */
export interface Trail {
  readonly records: readonly NumberedRecord[];
  readonly seen: readonly Seen[];
}

export type RecordOf<Kind extends JournalRecord["kind"]> = Extract<JournalRecord, { kind: Kind }>;
export type SeenOf<Kind extends Sight["kind"]> = Extract<Sight, { kind: Kind }> & Moment;

export function recordsOf<Kind extends JournalRecord["kind"]>(trail: Trail, kind: Kind): RecordOf<Kind>[] {
  return trail.records
    .map(({ record }) => record)
    .filter((record) => record.kind === kind) as RecordOf<Kind>[];
}

export function seenOf<Kind extends Sight["kind"]>(trail: Trail, kind: Kind): SeenOf<Kind>[] {
  return trail.seen.filter((seen) => seen.kind === kind) as unknown as SeenOf<Kind>[];
}
