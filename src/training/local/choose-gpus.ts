import type { Gpu } from "./nvidia-smi.ts";
import type { Settings } from "./settings.ts";

export type GpuRules = Pick<Settings, "gpuIndices" | "maxTrialNumPerGpu" | "useActiveGpu">;

export type GpuChoice =
  | { readonly kind: "chosen"; readonly indices: readonly number[] }
  /** Not now; another time perhaps. */
  | { readonly kind: "wait"; readonly reason: string };

/** The GPUs that jobs may get at all. */
export function allowedGpus(gpus: readonly Gpu[], { gpuIndices }: GpuRules): readonly Gpu[] {
  return gpuIndices === undefined ? gpus : gpus.filter((gpu) => gpuIndices.includes(gpu.index));
}

/**
 * `count` GPUs for one job. A GPU on which our own jobs run is shared up to `maxTrialNumPerGpu`; one on which only
 * processes of others run is left alone, unless `useActiveGpu`. Taken are those with the fewest of our jobs first, then
 * the idlest.
 * @param held how many of our jobs hold each GPU, by index
 */
export function chooseGpus(
  count: number,
  gpus: readonly Gpu[],
  held: ReadonlyMap<number, number>,
  rules: GpuRules,
): GpuChoice {
  const jobsOn = (gpu: Gpu): number => held.get(gpu.index) ?? 0;
  const foreign = (gpu: Gpu): boolean => gpu.active && jobsOn(gpu) === 0 && !rules.useActiveGpu;
  const allowed = allowedGpus(gpus, rules);
  const free = allowed.filter((gpu) => jobsOn(gpu) < rules.maxTrialNumPerGpu && !foreign(gpu));
  if (free.length < count) {
    const full = allowed.filter((gpu) => jobsOn(gpu) >= rules.maxTrialNumPerGpu).length;
    const others = allowed.filter(foreign).length;
    const reason = `waits for ${gpusInWords(count)}: ${free.length} free, ${full} held by trial jobs, ${others} used by other processes`;
    return { kind: "wait", reason };
  }
  const best = free.toSorted(
    (a, b) =>
      jobsOn(a) - jobsOn(b) ||
      a.utilization - b.utilization ||
      a.memoryUsedMiB - b.memoryUsedMiB ||
      a.index - b.index,
  );
  const indices = best.slice(0, count).map((gpu) => gpu.index);
  return { kind: "chosen", indices: indices.toSorted((a, b) => a - b) };
}

export function gpusInWords(count: number): string {
  return count === 1 ? "1 GPU" : `${count} GPUs`;
}
