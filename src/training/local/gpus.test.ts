import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { JobHandle, TrainingService, TrialJobSpec, TrialJobStatus } from "../../model/index.ts";
import { chooseGpus, type GpuRules } from "./choose-gpus.ts";
import { localTrainingService, type LocalOptions } from "./index.ts";

let home: string;
let services: TrainingService[];
let handles: JobHandle[];
let jobs: number;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "local-gpus-"));
  services = [];
  handles = [];
  jobs = 0;
  installNvidiaSmi();
});

afterEach(async () => {
  const cleaner = open();
  for (const handle of handles) await cleaner.cancel(handle, "user");
  for (const service of services) await service.close?.();
  rmSync(home, { recursive: true, force: true });
});

const path = (...parts: string[]): string => join(home, ...parts);
const waitFor = (check: () => unknown): Promise<void> =>
  vi.waitFor(async () => expect(await check()).toBeTruthy(), { timeout: 60_000, interval: 10 });

/** A stand-in that answers as the real one does, from two files. */
function installNvidiaSmi(): void {
  mkdirSync(path("bin"));
  const script = `#!/bin/sh
    case "$1" in
      --query-gpu=index,uuid,utilization.gpu,memory.used) cat ${path("gpus")} ;;
      --query-compute-apps=gpu_uuid,pid) cat ${path("apps")} ;;
      *) echo "unknown option $1" >&2; exit 2 ;;
    esac`;
  writeFileSync(path("bin", "nvidia-smi"), script);
  chmodSync(path("bin", "nvidia-smi"), 0o755);
  machineHas("0, GPU-a, 0, 10", "1, GPU-b, 0, 10");
  othersUse();
}

function machineHas(...gpus: readonly string[]): void {
  writeFileSync(path("gpus"), gpus.map((line) => `${line}\n`).join(""));
}

function othersUse(...uuids: readonly string[]): void {
  writeFileSync(path("apps"), uuids.map((uuid) => `${uuid}, 4711\n`).join(""));
}

function open(options: Partial<LocalOptions> = {}): TrainingService {
  const env = { PATH: `${path("bin")}:${process.env["PATH"]}`, CUDA_VISIBLE_DEVICES: "inherited" };
  const service = localTrainingService({ gracePeriodMs: 100, gpuPollMs: 30_000, env, ...options });
  services.push(service);
  return service;
}

/** Shows what it may see and runs until `go<number>` exists. */
function job(gpuNum: number | null, more: Partial<TrialJobSpec> = {}): TrialJobSpec {
  const number = jobs++;
  return {
    trialJobId: `job${number}`,
    number,
    attempt: 0,
    command: `echo "$CUDA_VISIBLE_DEVICES"; until [ -e ${path(`go${number}`)} ]; do sleep 0.02; done`,
    codeDir: home,
    copyCodeDir: false,
    outputDir: path(`out${number}`),
    env: {},
    gpuNum,
    ...more,
  };
}

async function submit(service: TrainingService, spec: TrialJobSpec): Promise<JobHandle> {
  const handle = await service.submit(spec);
  handles.push(handle);
  return handle;
}

const letEnd = (number: number): void => writeFileSync(path(`go${number}`), "");

async function present(service: TrainingService, handle: JobHandle): Promise<TrialJobStatus> {
  for await (const status of service.watch(handle)) return status;
  throw new Error("no status");
}

async function reach(service: TrainingService, handle: JobHandle, kind: string): Promise<void> {
  for await (const status of service.watch(handle)) if (status.kind === kind) return;
  throw new Error(`never ${kind}`);
}

/** What the job with this number saw in CUDA_VISIBLE_DEVICES. */
async function visible(number: number): Promise<string> {
  const file = path(`out${number}`, "stdout");
  await waitFor(() => existsSync(file) && readFileSync(file, "utf8").endsWith("\n"));
  return readFileSync(file, "utf8").trim();
}

test("without gpuNum CUDA_VISIBLE_DEVICES is left alone, with 0 no GPU is visible, with n so many are", async () => {
  const service = open();
  for (const gpuNum of [null, 0, 2]) await submit(service, job(gpuNum));
  expect([await visible(0), await visible(1), await visible(2)]).toEqual(["inherited", "-1", "0,1"]);
});

test("jobs that need no GPU need no nvidia-smi", async () => {
  rmSync(path("bin", "nvidia-smi"));
  const service = open({ env: { PATH: "/usr/bin:/bin" } });
  await submit(service, job(0));
  expect(await visible(0)).toBe("-1");
});

test("a GPU on which others compute is left alone, unless active ones may be used", async () => {
  othersUse("GPU-a");
  await submit(open(), job(1));
  expect(await visible(0)).toBe("1");
  await submit(open({ useActiveGpu: true }), job(2));
  expect(await visible(1)).toBe("0,1");
});

test("only the GPUs of gpuIndices are given", async () => {
  await submit(open({ gpuIndices: [1] }), job(1));
  expect(await visible(0)).toBe("1");
});

test("a GPU takes maxTrialNumPerGpu jobs, also when our own are seen on it", async () => {
  machineHas("0, GPU-a, 0, 10");
  const service = open({ maxTrialNumPerGpu: 2 });
  await submit(service, job(1));
  othersUse("GPU-a");
  await submit(service, job(1));
  expect([await visible(0), await visible(1)]).toEqual(["0", "0"]);
  expect(await present(service, await submit(service, job(1)))).toEqual({
    kind: "waiting",
    reason: "waits for 1 GPU: 0 free, 1 held by trial jobs, 0 used by other processes",
  });
});

test("jobs without a free GPU wait and start in the order of coming", async () => {
  const service = open();
  const first = await submit(service, job(1));
  await submit(service, job(1));
  const big = await submit(service, job(2));
  const small = await submit(service, job(1));
  expect((await present(service, small)).kind).toBe("waiting");

  letEnd(0);
  await reach(service, first, "succeeded");
  expect((await present(service, big)).kind).toBe("waiting");
  letEnd(1);
  await reach(service, big, "running");
  expect(await present(service, small)).toMatchObject({ kind: "waiting" });
  letEnd(2);
  await reach(service, small, "running");
  expect(await visible(2)).toBe("0,1");
});

test("a waiting job can be cancelled, and the next one in the line takes its turn", async () => {
  const service = open();
  await submit(service, job(1));
  const big = await submit(service, job(2));
  const small = await submit(service, job(1));
  await service.cancel(big, "user");
  expect(await present(service, big)).toEqual({ kind: "cancelled" });
  await reach(service, small, "running");
  expect(existsSync(path("out1", "stdout"))).toBe(false);
  expect(await present(open(), big)).toEqual({ kind: "cancelled" });
});

test("a waiting job starts when the processes of others have gone", async () => {
  othersUse("GPU-a", "GPU-b");
  const service = open({ gpuPollMs: 20 });
  const handle = await submit(service, job(1));
  expect(await present(service, handle)).toMatchObject({ kind: "waiting" });
  othersUse("GPU-b");
  await reach(service, handle, "running");
  expect(await visible(0)).toBe("0");
});

test("a job cancelled or failed gives its GPUs back", async () => {
  const service = open();
  const first = await submit(service, job(2));
  await service.cancel(first, "user");
  const lost = await submit(service, job(2, { codeDir: path("nowhere") }));
  expect((await present(service, lost)).kind).toBe("failed");
  await reach(service, await submit(service, job(2)), "running");
});

test("more GPUs than there could ever be are refused with a reason", async () => {
  await expect(open().submit(job(3))).rejects.toMatchObject({
    code: "gpu-not-available",
    message: "each trial job wants 3 GPUs, but this machine has 2 GPUs",
  });
  await expect(open({ gpuIndices: [1, 7] }).submit(job(2))).rejects.toMatchObject({
    code: "gpu-not-available",
    message:
      "each trial job wants 2 GPUs, but this machine has 2 GPUs; gpuIndices allows only those of [1, 7]",
  });
  expect(existsSync(path("out0"))).toBe(false);
});

test("a machine without nvidia-smi, or with a broken one, refuses jobs that need GPUs", async () => {
  const without = open({ env: { PATH: "/nowhere" } });
  await expect(without.submit(job(1))).rejects.toMatchObject({
    code: "gpu-not-available",
    message: "the GPUs of this machine are unknown: nvidia-smi is not on the PATH",
  });
  writeFileSync(path("bin", "nvidia-smi"), "#!/bin/sh\necho NVIDIA-SMI has failed; exit 9\n");
  await expect(open().submit(job(1))).rejects.toMatchObject({
    code: "gpu-not-available",
    message: 'the GPUs of this machine are unknown: nvidia-smi said "NVIDIA-SMI has failed"',
  });
});

test("a restarted manager counts the GPUs of jobs that still run", async () => {
  const first = open();
  const handle = await submit(first, job(1));
  await first.close?.();

  const second = open();
  expect(await present(second, handle)).toEqual({ kind: "running" });
  const waiting = await submit(second, job(2));
  expect(await present(second, waiting)).toMatchObject({ kind: "waiting" });
  letEnd(0);
  await reach(second, waiting, "running");
});

test("a waiting job is started by the next manager, which needs only its handle", async () => {
  othersUse("GPU-a", "GPU-b");
  const first = open();
  const handle = await submit(first, job(1, { env: { TOKEN: "secret" } }));
  await first.close?.();
  const spec = path("out0", ".job", "spec.json");
  expect(statSync(spec).mode & 0o777).toBe(0o600);
  expect(JSON.stringify(handle)).not.toContain("secret");

  othersUse("GPU-a");
  const second = open();
  await reach(second, handle, "running");
  expect(await visible(0)).toBe("1");
  expect(existsSync(spec)).toBe(false);
});

test("a waiting job that is submitted again starts with what was said last", async () => {
  othersUse("GPU-a", "GPU-b");
  const first = open();
  const spec = job(1, { command: 'echo "$ADDRESS"', env: { ADDRESS: "old" } });
  const handle = await submit(first, spec);
  await first.close?.();

  const second = open({ gpuPollMs: 20 });
  expect(await present(second, handle)).toMatchObject({ kind: "waiting" });
  await second.submit({ ...spec, env: { ADDRESS: "new" } });
  othersUse();
  await reach(second, handle, "succeeded");
  expect(await visible(0)).toBe("new");
});

test("the GPUs with the fewest of our jobs are taken first, then the idlest", () => {
  const gpu = (index: number, utilization: number, memoryUsedMiB: number) =>
    ({ index, utilization, memoryUsedMiB, active: false }) as const;
  const rules: GpuRules = { gpuIndices: undefined, maxTrialNumPerGpu: 3, useActiveGpu: false };
  const gpus = [gpu(0, 0, 0), gpu(1, 90, 0), gpu(2, 10, 900), gpu(3, 10, 100)];
  const choose = (count: number): unknown => chooseGpus(count, gpus, new Map([[0, 1]]), rules);
  expect(choose(1)).toEqual({ kind: "chosen", indices: [3] });
  expect(choose(2)).toEqual({ kind: "chosen", indices: [2, 3] });
  expect(choose(3)).toEqual({ kind: "chosen", indices: [1, 2, 3] });
  expect(choose(4)).toEqual({ kind: "chosen", indices: [0, 1, 2, 3] });
  expect(choose(5)).toMatchObject({ kind: "wait" });
});
