import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, constants, openSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { messageOf, type TrialJobSpec } from "../../model/index.ts";
import { copyCode } from "./copy-code.ts";
import { endJob, finish } from "./end-job.ts";
import { adopt } from "./follow-job.ts";
import { endProcesses, tagOf, tagVariable } from "./job-processes.ts";
import type { Host, Job } from "./job.ts";
import { findProcess } from "./processes.ts";
import { notClaimed, wrapperScript } from "./wrapper.ts";

/** Starts the job's process with these GPUs. What goes wrong becomes the job's status; never rejects. */
export async function startJob(host: Host, job: Job, gpus: readonly number[]): Promise<void> {
  const spec = job.spec as TrialJobSpec;
  job.request = undefined;
  job.handle = { ...job.handle, gpus };
  try {
    if (gpus.length > 0) job.files.writeHandle(job.handle); // whoever finds the job started counts them
    const directory = await workingDirectory(job, spec);
    if (host.closed) return;
    if (job.cancelled) return finish(host, job, { kind: "cancelled" });
    await launch(host, job, directory);
  } catch (error) {
    await endProcesses(job.handle, { timers: host.timers, graceMs: 0, known: [] });
    finish(host, job, { kind: "failed", reason: whyNotStarted(error), exitCode: null });
  }
}

/** Node's own message would show the variable's value. */
function whyNotStarted(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (code === "ERR_INVALID_ARG_VALUE") return "the command or an environment variable holds a NUL character";
  return messageOf(error);
}

async function workingDirectory(job: Job, spec: TrialJobSpec): Promise<string> {
  const codeDir = resolve(spec.codeDir);
  const found = statSync(codeDir, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`the code directory ${codeDir} does not exist`);
  if (!found.isDirectory()) throw new Error(`the code directory ${codeDir} is not a directory`);
  if (!spec.copyCodeDir) return codeDir;
  const copy = join(job.files.outputDir, "code");
  await copyCode(codeDir, copy);
  return copy;
}

async function launch(host: Host, job: Job, directory: string): Promise<void> {
  const child = spawnWrapper(host, job, directory);
  job.child = child;
  child.once("error", (error) => {
    if (child.pid === undefined) finish(host, job, { kind: "failed", reason: error.message, exitCode: null });
  });
  if (child.pid === undefined) return;
  child.once("exit", (code, signal) => void childEnded(host, job, { code, signal }));

  job.handle = { ...job.handle, pid: child.pid };
  job.handle = { ...job.handle, processStart: (await findProcess(child.pid))?.start ?? null };
  job.files.writeHandle(job.handle);
  if ((job.spec?.gpuNum ?? 0) > 0) job.files.removeSpec();
  job.files.linkLog();
  job.feed.set({ kind: "running" });
}

// Another attempt of the job may have left a link or a pipe there: neither is followed or waited for.
const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;
const toAppend = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK;

function spawnWrapper(host: Host, job: Job, directory: string): ChildProcess {
  const spec = job.spec as TrialJobSpec;
  const output = (name: string): number => openSync(join(job.files.outputDir, name), toAppend, 0o600);
  const stdout = output("stdout");
  const stderr = output("stderr");
  try {
    return spawn("/bin/sh", ["-c", wrapperScript, "polyphase-job", spec.command, job.files.stateDir], {
      cwd: directory,
      env: environment(host, job, directory),
      detached: true,
      stdio: ["ignore", stdout, stderr],
    });
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

function environment(host: Host, job: Job, directory: string): Record<string, string | undefined> {
  const { env, gpuNum, copyCodeDir } = job.spec as TrialJobSpec;
  const codeDir = copyCodeDir && "NNI_CODE_DIR" in env ? { NNI_CODE_DIR: directory } : {};
  const tag = { [tagVariable]: tagOf(job.handle) };
  return { ...host.settings.env, ...env, ...codeDir, ...visibleGpus(gpuNum, job.handle.gpus), ...tag };
}

/** CUDA counts by speed unless it is told to count as nvidia-smi does. */
function visibleGpus(gpuNum: number | null, gpus: readonly number[]): Record<string, string> {
  if (gpuNum === null) return {};
  if (gpuNum === 0) return { CUDA_VISIBLE_DEVICES: "-1" };
  return { CUDA_DEVICE_ORDER: "PCI_BUS_ID", CUDA_VISIBLE_DEVICES: gpus.join(",") };
}

interface ChildExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A child that finds the job started already leaves it alone: then the job is another process's (see wrapper.ts). */
async function childEnded(host: Host, job: Job, { code, signal }: ChildExit): Promise<void> {
  const owner = job.files.readPid();
  if (owner !== undefined && owner !== job.child?.pid) return adopt(host, job, owner);
  if (owner === undefined && code === notClaimed) {
    const reason = `could not write to ${job.files.stateDir}: is the disk full?`;
    return finish(host, job, { kind: "failed", reason, exitCode: null });
  }
  const written = job.files.readExitCode();
  if (written !== undefined) return endJob(host, job, { kind: "code", code: written });
  if (code !== null) return endJob(host, job, { kind: "code", code });
  return endJob(host, job, { kind: "signal", signal: signal ?? "an unknown signal" });
}
