import { PolyphaseError, type JobHandle, type TrialJobSpec } from "../../model/index.ts";

/** Where a job is found again. Holds nothing secret: the journal keeps it. */
export interface LocalHandle {
  readonly service: "local";
  readonly trialJobId: string;
  readonly attempt: number;
  readonly outputDir: string;
  /** Leader of the job's process group; null while it waits for a GPU. */
  readonly pid: number | null;
  /** When the leader started, as the system tells it; another value under the same pid is another process. */
  readonly processStart: string | null;
  /** The GPUs that the job holds, by nvidia-smi's index. */
  readonly gpus: readonly number[];
}

export function newHandle(spec: TrialJobSpec, outputDir: string): LocalHandle {
  const { trialJobId, attempt } = spec;
  return { service: "local", trialJobId, attempt, outputDir, pid: null, processStart: null, gpus: [] };
}

/** @throws PolyphaseError `invalid-handle` */
export function parseHandle(handle: JobHandle): LocalHandle {
  const { service, trialJobId, attempt, outputDir } = handle;
  if (
    service !== "local" ||
    typeof trialJobId !== "string" ||
    typeof attempt !== "number" ||
    typeof outputDir !== "string"
  )
    throw new PolyphaseError(
      "invalid-handle",
      `expected a handle of the local training service, got ${JSON.stringify(handle)}`,
      { hint: "Handles come from submit() and belong to the service that made them." },
    );
  return handle as unknown as LocalHandle;
}

export function handleToJson(handle: LocalHandle): JobHandle {
  return { ...handle };
}

/** @throws PolyphaseError `output-dir-taken` where the directory belongs to another job or attempt */
export function assertSameJob(handle: LocalHandle, spec: TrialJobSpec): void {
  if (handle.trialJobId === spec.trialJobId && handle.attempt === spec.attempt) return;
  throw new PolyphaseError(
    "output-dir-taken",
    `trial job ${spec.trialJobId}, attempt ${spec.attempt}: output directory ${handle.outputDir} belongs to trial job ` +
      `${handle.trialJobId}, attempt ${handle.attempt}`,
    { hint: "Give each attempt of each job its own output directory." },
  );
}
