import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf, PolyphaseError } from "../../model/index.ts";

export interface Gpu {
  readonly index: number;
  /** Percent of the last sample period. */
  readonly utilization: number;
  readonly memoryUsedMiB: number;
  /** True while any process computes on it. */
  readonly active: boolean;
}

const run = promisify(execFile);

/**
 * The GPUs of this machine as nvidia-smi tells them; it is looked up on the PATH of `env`.
 * @throws PolyphaseError `gpu-not-available` where nvidia-smi is missing, fails or is silent for ten seconds
 */
export async function readGpus(env: Readonly<Record<string, string | undefined>>): Promise<readonly Gpu[]> {
  const ask = async (query: string): Promise<readonly string[][]> => {
    const { stdout } = await run("nvidia-smi", [query, "--format=csv,noheader,nounits"], {
      env,
      timeout: 10_000,
      killSignal: "SIGKILL",
    });
    return stdout
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => line.split(",").map((cell) => cell.trim()));
  };
  try {
    const [gpus, apps] = await Promise.all([
      ask("--query-gpu=index,uuid,utilization.gpu,memory.used"),
      ask("--query-compute-apps=gpu_uuid,pid"),
    ]);
    const busy = new Set(apps.map(([uuid]) => uuid));
    return gpus.map(([index, uuid, utilization, memoryUsed]) => ({
      index: Number(index),
      utilization: numberOrZero(utilization),
      memoryUsedMiB: numberOrZero(memoryUsed),
      active: busy.has(uuid),
    }));
  } catch (cause) {
    throw new PolyphaseError("gpu-not-available", `the GPUs of this machine are unknown: ${whyNot(cause)}`, {
      cause,
      hint: "Run `nvidia-smi` by hand, or set trial.gpuNum to 0 or leave it out.",
    });
  }
}

/** Some cards answer "[N/A]". */
function numberOrZero(text: string | undefined): number {
  const number = Number(text);
  return Number.isFinite(number) ? number : 0;
}

function whyNot(cause: unknown): string {
  const failure = cause as { code?: unknown; killed?: boolean; stderr?: string; stdout?: string };
  if (failure.code === "ENOENT") return "nvidia-smi is not on the PATH";
  if (failure.killed === true) return "nvidia-smi did not answer within 10 s";
  const said = `${failure.stderr ?? ""}\n${failure.stdout ?? ""}`.trim().split("\n")[0];
  return said ? `nvidia-smi said "${said}"` : messageOf(cause);
}
