import { spawnSync } from "node:child_process";
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from "node:os";

/** What the figures were taken on. */
export function machine() {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    python: firstLine("python3", ["--version"]).replace("Python ", ""),
    // A journal on a file system in memory would make every fsync free.
    journalOn: firstLine("stat", ["-f", "-c", "%T", tmpdir()]) || "unknown",
  };
}

/** Load average of the last minute: what else goes on here, and what the benchmark itself has added. */
export function load() {
  return Number(loadavg()[0].toFixed(1));
}

function firstLine(command, args) {
  return (spawnSync(command, args, { encoding: "utf8" }).stdout ?? "").trim().split("\n")[0];
}
