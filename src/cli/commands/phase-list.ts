import { Option } from "commander";
import type { Client } from "../../client/index.ts";
import type { PhaseView } from "../../model/http.ts";
import { experimentArgument, withExperiment } from "../experiments.ts";
import { wholeNumber } from "../option-values.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import type { Style } from "../terminal/style.ts";
import { paintStatus } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { duration, number, parameters } from "../terminal/words.ts";

interface Options {
  readonly json?: true;
  readonly trial?: string;
  readonly outcome?: string;
  readonly limit?: number;
}

const outcomes = ["succeeded", "stopped", "abandoned", "failed", "cancelled", "running"];

export const phaseListCommand: CliCommand<Options> = {
  configure(command) {
    experimentArgument(command)
      .option("--trial <trialJobId>", "only those of this trial job")
      .addOption(new Option("--outcome <outcome>", "only those that ended so").choices(outcomes))
      .option("--limit <n>", "only the last n", wholeNumber(1));
  },
  async run({ operands: [id], options, session }) {
    return withExperiment(session, id, async (client) => {
      if (options.trial !== undefined) await client.trialJob(options.trial); // throws where there is none
      const [phases, { objectives }] = await Promise.all([listed(client, options), client.experiment()]);
      const { stdout, now } = session.io;
      if (options.json === true) session.printJson(phases);
      else if (phases.length === 0) session.print("no such phases yet");
      else {
        const width = stdout.isTTY === true ? stdout.columns : undefined;
        const names = objectives === null ? undefined : Object.keys(objectives);
        session.print(listing(phases, session.style, { now: now(), width, names }));
      }
      return exitCodes.ok;
    });
  },
};

/** In the order of proposal. */
async function listed(client: Client, options: Options): Promise<readonly PhaseView[]> {
  const { limit = Infinity } = options;
  const phases: PhaseView[] = [];
  const query = {
    trialJobId: options.trial,
    outcome: options.outcome,
    sort: "-parameterId",
    limit: Math.min(limit, 1_000),
  };
  for await (const phase of client.allPhases(query)) {
    phases.push(phase);
    if (phases.length >= limit) break;
  }
  return phases.sort((left, right) => left.parameterId - right.parameterId);
}

function listing(
  phases: readonly PhaseView[],
  style: Style,
  screen: {
    readonly now: number;
    readonly width: number | undefined;
    /** Of several objectives. */
    readonly names: readonly string[] | undefined;
  },
): string {
  const byHand = phases.some((phase) => phase.origin === "person");
  const columns = [
    { title: "Phase", align: "right" },
    { title: "Trial job" },
    { title: "Index", align: "right" },
    { title: "Outcome" },
    ...(screen.names ?? ["Objective"]).map((title) => ({ title, align: "right" }) as const),
    { title: "Duration", align: "right" },
    ...(byHand ? [{ title: "Origin" } as const] : []),
    { title: "Parameters" },
  ] as const;
  const rows = phases.map((phase) => [
    String(phase.parameterId),
    phase.trialJobId,
    String(phase.parameterIndex),
    paintStatus(phase.outcome, style),
    ...(screen.names?.map((name) => number(namedResult(phase, name))) ?? [number(phase.objective)]),
    phase.startTime === null ? "-" : duration((phase.endTime ?? screen.now) - phase.startTime),
    ...(byHand ? [phase.origin] : []),
    parameters(phase.parameters),
  ]);
  return table(columns, rows, screen.width);
}

/** Null where the result lacks it. */
function namedResult({ finalResult, objective }: PhaseView, name: string): number | string | null {
  if (name === "default") return objective;
  const value = (finalResult as { readonly [name: string]: unknown } | null)?.[name];
  return typeof value === "number" || value === "NaN" || value === "Infinity" || value === "-Infinity"
    ? value
    : null;
}
