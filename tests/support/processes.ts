/** What runs on this machine. Linux: read from /proc. */
import { readFileSync, readdirSync, readlinkSync } from "node:fs";

export interface LivingProcess {
  readonly pid: number;
  readonly group: number;
  /** The command line, with spaces between the arguments. */
  readonly command: string;
}

/** Those that were started in this directory, or with its name in their command line or environment. */
export function processesOf(directory: string): readonly LivingProcess[] {
  return livingProcesses().filter(
    ({ pid, command }) =>
      command.includes(directory) ||
      read(`/proc/${pid}/environ`).includes(directory) ||
      workingDirectory(pid).startsWith(directory),
  );
}

export function processesOfGroup(group: number): readonly LivingProcess[] {
  return livingProcesses().filter((living) => living.group === group);
}

export function livingProcesses(): readonly LivingProcess[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .flatMap((pid) => {
      const stat = read(`/proc/${pid}/stat`);
      const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (stat === "" || state === "Z" || state === "X") return [];
      const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
      return [{ pid, group: Number(group), command }];
    });
}

/** Empty where there is no such file, or not for us. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function workingDirectory(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}
