import { experimentArgument, refreshed, withExperiment } from "../experiments.ts";
import { follow } from "../follow.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { time } from "../terminal/words.ts";

export const logCommand: CliCommand<{ readonly json?: true; readonly follow?: true }> = {
  configure(command) {
    experimentArgument(command).option("-f, --follow", "go on until the experiment has ended");
  },
  async run({ operands: [id], options, session }) {
    return withExperiment(session, id, async (client, experiment) => {
      const growing = {
        read: () => client.log(),
        goesOn: async () => options.follow === true && refreshed(session, experiment).alive,
      };
      await follow(session.io, growing, options.json === true ? undefined : readable);
      return exitCodes.ok;
    });
  },
};

/** The log holds one JSON object a line: that is its `--json`. What is no such line is shown as it is. */
export function readable(lines: string): string {
  return lines.replaceAll(/[^\n]+/g, (line) => readableLine(line));
}

const levels: { readonly [level: number]: string } = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warning",
  50: "error",
  60: "fatal",
};

function readableLine(line: string): string {
  const entry = parsed(line);
  const at = Date.parse(String(entry?.["time"]));
  if (entry === undefined || Number.isNaN(at)) return line;
  return `${time(at)} ${levels[Number(entry["level"])] ?? String(entry["level"])}: ${String(entry["msg"])}`;
}

function parsed(line: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return value !== null && typeof value === "object" ? (value as { [key: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}
