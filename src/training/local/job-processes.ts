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
 * Every living process of the job: its group and session, whoever carries its tag, those of `known` (found earlier) that
 * still live, and the children of all those. Not found is who cleared its environment and outlived its parent in a session
 * of its own, unless it is known; outside Linux, where nobody tells environments, clearing it is not even needed.
 */
export async function membersOf(
  handle: LocalHandle,
  known: readonly Process[] = [],
): Promise<readonly Process[]> {
  const all = await allProcesses();
  const leader = all.find((entry) => entry.pid === handle.pid);
  const groupIsOurs = leader === undefined || leader.start === handle.processStart;
  const oldest = Number(handle.processStart?.split("/")[1] ?? 0) || 0;
  const candidates = all.filter((entry) => entry.pid !== process.pid && entry.age >= oldest);

  const wasKnown = new Set(known.map(nameOf));

  const members = new Set<Process>();
  for (const entry of candidates) {
    const inGroup = groupIsOurs && (entry.group === handle.pid || entry.session === handle.pid);
    if (inGroup || wasKnown.has(nameOf(entry)) || hasVariable(entry.pid, tagVariable, tagOf(handle)))
      members.add(entry);
  }
  addChildren(members, candidates);
  return [...members];
}

function nameOf({ pid, start }: Process): string {
  return `${pid}@${start}`;
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

export interface Ending {
  readonly timers: Timers;
  /** Time between SIGTERM and SIGKILL; 0: SIGKILL at once. */
  readonly graceMs: number;
  /** Processes of the job found earlier. */
  readonly known: readonly Process[];
}

/**
 * Ends all processes of a job. Resolves when none is left, at once where there was none. Gives up where `timers` are closed,
 * or when SIGKILL had no effect for ten seconds.
 */
export async function endProcesses(handle: LocalHandle, ending: Ending): Promise<void> {
  let members = await membersOf(handle, ending.known);
  if (ending.graceMs > 0 && members.length > 0) {
    for (const member of members) send(member.pid, "SIGTERM");
    members = await waitUntilGone(handle, members, ending);
  }
  for (let waitedMs = 0; members.length > 0 && waitedMs < longestWaitMs; waitedMs += 20) {
    for (const member of members) send(member.pid, "SIGKILL");
    if (!(await ending.timers.pause(20))) return;
    members = await membersOf(handle, members);
  }
}

/** Who is left after the grace period. */
async function waitUntilGone(
  handle: LocalHandle,
  known: readonly Process[],
  { timers, graceMs }: Ending,
): Promise<readonly Process[]> {
  let members = known;
  let stepMs = 5;
  for (let waitedMs = 0; members.length > 0 && waitedMs < graceMs; waitedMs += stepMs) {
    stepMs = Math.min(stepMs * 2, 200, graceMs - waitedMs);
    if (!(await timers.pause(stepMs))) return [];
    members = await membersOf(handle, members);
  }
  return members;
}
