import { join } from "node:path";
import type { ExperimentConfig, Redactor } from "../model/index.ts";

export type Log = (level: "info" | "warning" | "error", message: string) => void;

/**
 * Lines of JSON in `manager.log`; appended to, never cut; every message goes through `redact`. Never throws: on a full disk
 * lines are lost, not the manager.
 */
export async function fileLog(
  directory: string,
  level: ExperimentConfig["logLevel"],
  redact: Redactor["redact"],
): Promise<Log> {
  const { pino } = await import("pino");
  const destination = pino.destination({
    dest: join(directory, "manager.log"),
    sync: true,
    append: true,
    mode: 0o600,
  });
  destination.on("error", () => {});
  const options = { level: pinoLevel(level), base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const logger = pino(options, destination);
  return (severity, message) => logger[pinoLevel(severity)](redact(message));
}

function pinoLevel<Level extends ExperimentConfig["logLevel"]>(
  level: Level,
): Exclude<Level, "warning"> | "warn" {
  return level === "warning" ? "warn" : (level as Exclude<Level, "warning">);
}
