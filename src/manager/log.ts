import { createRequire } from "node:module";
import { join } from "node:path";
import type { ExperimentConfig } from "../model/index.ts";

export type Log = (level: "info" | "warning" | "error", message: string) => void;

/** Lines of JSON in `manager.log`; appended to, never cut. */
export function fileLog(directory: string, level: ExperimentConfig["logLevel"]): Log {
  const { pino } = createRequire(import.meta.url)("pino") as typeof import("pino");
  const destination = pino.destination({
    dest: join(directory, "manager.log"),
    sync: true,
    append: true,
    mode: 0o600,
  });
  const logger = pino(
    { level: level === "warning" ? "warn" : level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
  return (severity, message) => logger[severity === "warning" ? "warn" : severity](message);
}
