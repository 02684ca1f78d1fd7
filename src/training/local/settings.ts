import { systemClock, type LocalClock } from "./timers.ts";

export interface LocalOptions {
  /** Time between SIGTERM and SIGKILL when a job is cancelled, in milliseconds. */
  readonly gracePeriodMs: number;
  /** Only these GPUs are given to jobs, by nvidia-smi's index. Absent: all. */
  readonly gpuIndices?: readonly number[];
  /** Jobs at once on one GPU. @defaultValue 1 */
  readonly maxTrialNumPerGpu?: number;
  /** True: GPUs on which processes of others run are given out too. @defaultValue false */
  readonly useActiveGpu?: boolean;
  /** What jobs inherit, and where `nvidia-smi` is looked up (PATH). @defaultValue this process's environment */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** @defaultValue the machine's clock */
  readonly clock?: LocalClock;
  /** How often jobs of an earlier manager are looked after, beside the notice of their end. @defaultValue 2000 */
  readonly livenessMs?: number;
  /** Takes secrets out of a reason, which may quote what a job printed. @defaultValue nothing is secret */
  readonly redact?: (text: string) => string;
  /** How often GPUs are looked at while processes of others keep a job waiting. @defaultValue 5000 */
  readonly gpuPollMs?: number;
}

/** The options, complete. */
export type Settings = Required<Omit<LocalOptions, "gpuIndices">> & {
  readonly gpuIndices: readonly number[] | undefined;
};

const defaults = {
  maxTrialNumPerGpu: 1,
  useActiveGpu: false,
  livenessMs: 2_000,
  gpuPollMs: 5_000,
} satisfies Partial<LocalOptions>;

export function resolveSettings(options: LocalOptions): Settings {
  return {
    ...defaults,
    env: process.env,
    clock: systemClock(),
    redact: (text) => text,
    ...options,
    gpuIndices: options.gpuIndices,
  };
}
