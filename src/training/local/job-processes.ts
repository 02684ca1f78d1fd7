import { allProcesses, findProcess, hasVariable, send, type Process } from "./processes.ts";
import type { LocalHandle } from "./handle.ts";
import type { Timers } from "./timers.ts";

/** Every process that a job starts inherits this variable; by it those are found that left the job's group. */
export const tagVariable = "POLYPHASE_JOB_TAG";

/** Unique on this machine: no two attempts share an output directory. */
export function tagOf(job: Pick<LocalHandle, "trialJobId" | "attempt" | "outputDir">): string {
  return `${job.trialJobId}/${job.attempt}:${job.outputDir}`;
}

/** True while the very process that was started as the job's leader lives. */
export async function leaderLives(handle: LocalHandle): Promise<boolean> {
  if (handle.pid === null) return false;
  return (await findProcess(handle.pid))?.start === handle.processStart;
}

/** True where the process carries the job's tag. */
export function belongsTo(handle: LocalHandle, pid: number): boolean {
  return process.platform !== "linux" || hasVariable(pid, tagVariable, tagOf(handle));
}

/**
 * Every living process of the job: its group and session, whoever carries its tag, and the children of all those. A
 * process that has both cleared its environment and outlived its parent in a session of its own is not found; outside
 * Linux, where nobody tells environments, none that outlived its parent in a group of its own.
 */
export async function membersOf(handle: LocalHandle): Promise<readonly Process[]> {
  const all = await allProcesses();
  const leader = all.find((entry) => entry.pid === handle.pid);
  const groupIsOurs = leader === undefined || leader.start === handle.processStart;
  const oldest = Number(handle.processStart?.split("/")[1] ?? 0) || 0;
  const candidates = all.filter((entry) => entry.pid !== process.pid && entry.age >= oldest);

  const members = new Set<Process>();
  for (const entry of candidates) {
    const inGroup = groupIsOurs && (entry.group === handle.pid || entry.session === handle.pid);
    if (inGroup || hasVariable(entry.pid, tagVariable, tagOf(handle))) members.add(entry);
  }
  addChildren(members, candidates);
  return [...members];
}

function addChildren(members: Set<Process>, candidates: readonly Process[]): void {
  const pids = new Set([...members].map((member) => member.pid));
  for (let before = -1; before !== members.size;) {
    before = members.size;
    for (const entry of candidates) {
      if (!pids.has(entry.parent) || members.has(entry)) continue;
      members.add(entry);
      pids.add(entry.pid);
    }
  }
}

/** A process may hang in the kernel and survive SIGKILL for as long as it hangs; the job's end does not wait for ever. */
const longestWaitMs = 10_000;

/**
 * Ends all processes of a job: SIGTERM, then SIGKILL after `graceMs`. Resolves when none is left, at once where there was
 * none. Gives up where `timers` are closed, or when SIGKILL had no effect for ten seconds.
 */
export async function endProcesses(handle: LocalHandle, graceMs: number, timers: Timers): Promise<void> {
  let members = await membersOf(handle);
  if (graceMs > 0) {
    for (const member of members) send(member.pid, "SIGTERM");
    members = await waitUntilGone(handle, graceMs, timers);
  }
  for (let waitedMs = 0; members.length > 0 && waitedMs < longestWaitMs; waitedMs += 20) {
    for (const member of members) send(member.pid, "SIGKILL");
    if (!(await timers.pause(20))) return;
    members = await membersOf(handle);
  }
}

async function waitUntilGone(
  handle: LocalHandle,
  longestMs: number,
  timers: Timers,
): Promise<readonly Process[]> {
  let members = await membersOf(handle);
  let stepMs = 5;
  for (let waitedMs = 0; members.length > 0 && waitedMs < longestMs; waitedMs += stepMs) {
    stepMs = Math.min(stepMs * 2, 200, longestMs - waitedMs);
    if (!(await timers.pause(stepMs))) return [];
    members = await membersOf(handle);
  }
  return members;
}
