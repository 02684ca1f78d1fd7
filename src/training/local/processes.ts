import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

/** One living process. Zombies do not count as living: they only wait for their parent. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Together with the pid names this process and no other, also after a restart of the machine. */
  readonly start: string;
  /** Place in the order of starting; 0 where the system does not say. */
  readonly age: number;
}

const hasProc = process.platform === "linux";
const run = promisify(execFile);

/** Undefined where no such process lives. */
export async function findProcess(pid: number): Promise<Process | undefined> {
  if (hasProc) return readStat(pid);
  const [found] = await askPs(["-p", String(pid)]);
  return found;
}

/** Every living process. Never blocks for longer than some hundred small reads. */
export async function allProcesses(): Promise<readonly Process[]> {
  if (!hasProc) return askPs(["-A"]);
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  const found: Process[] = [];
  for (const [index, pid] of pids.entries()) {
    if (index % 200 === 199) await new Promise((resolve) => setImmediate(resolve));
    const entry = readStat(pid);
    if (entry !== undefined) found.push(entry);
  }
  return found;
}

/** True where the process was started with `name=value`. Always false where the system does not say. */
export function hasVariable(pid: number, name: string, value: string): boolean {
  if (!hasProc) return false;
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, "utf8")}\0`.includes(`\0${name}=${value}\0`);
  } catch {
    return false;
  }
}

/** Sends a signal to a process, or with a negative pid to a group; false where there is nobody to get it. */
export function send(pid: number, signal: "SIGTERM" | "SIGKILL"): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** See proc(5): the name in parentheses may hold anything, fields are counted after the last one. */
function readStat(pid: number): Process | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  const [parent, group, session] = fields.slice(1, 4).map(Number) as [number, number, number];
  const ticks = fields[19] as string;
  return { pid, parent, group, session, start: `${bootId()}/${ticks}`, age: Number(ticks) };
}

let knownBootId: string | undefined;

/** Ticks are counted from the start of the machine, so that start belongs to the name of a process. */
function bootId(): string {
  knownBootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  return knownBootId;
}

async function askPs(selection: readonly string[]): Promise<readonly Process[]> {
  const columns = ["pid=", "ppid=", "pgid=", "stat=", "lstart="].flatMap((column) => ["-o", column]);
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  const text = await run("ps", [...selection, ...columns], { env, maxBuffer: 2 ** 26 }).then(
    (answer) => answer.stdout,
    () => "",
  );
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (match === null || match[4]?.startsWith("Z")) return [];
    const [pid, parent, group] = match.slice(1, 4).map(Number) as [number, number, number];
    return [{ pid, parent, group, session: 0, start: match[5] as string, age: 0 }];
  });
}
