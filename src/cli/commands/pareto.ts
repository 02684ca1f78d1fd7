import type { ParetoView } from "../../model/http.ts";
import { experimentArgument, withExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { table } from "../terminal/table.ts";
import { number, parameters } from "../terminal/words.ts";

export const paretoCommand: CliCommand<{ readonly json?: true }> = {
  configure(command) {
    experimentArgument(command);
  },
  async run({ operands: [id], options, session }) {
    return withExperiment(session, id, async (client, experiment) => {
      const front = await client.pareto();
      const { stdout } = session.io;
      if (options.json === true) session.printJson(front);
      else if (front === null) session.print(`there is one objective: polyphase best ${experiment.id}`);
      else if (front.phases.length === 0) session.print("no phase has a number for every objective yet");
      else session.print(listing(front, stdout.isTTY === true ? stdout.columns : undefined));
      return exitCodes.ok;
    });
  },
};

function listing({ objectives, phases }: ParetoView, width: number | undefined): string {
  const names = Object.keys(objectives);
  const columns = [
    ...names.map((name) => ({ title: `${name} (${objectives[name] ?? ""})`, align: "right" }) as const),
    { title: "Phase", align: "right" },
    { title: "Trial job" },
    { title: "Index", align: "right" },
    { title: "Parameters" },
  ] as const;
  const rows = phases.map((phase) => [
    ...names.map((name) => number(phase.objectives[name] ?? null)),
    String(phase.parameterId),
    phase.trialJobId,
    String(phase.parameterIndex),
    parameters(phase.parameters),
  ]);
  return table(columns, rows, width);
}
