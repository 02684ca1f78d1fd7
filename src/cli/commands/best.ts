import { experimentArgument, withExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { bestPlace, nothingBest } from "../terminal/experiment-facts.ts";
import { facts } from "../terminal/table.ts";
import { flattened, number } from "../terminal/words.ts";

export const bestCommand: CliCommand<{ readonly json?: true }> = {
  configure(command) {
    experimentArgument(command);
  },
  async run({ operands: [id], options, session }) {
    return withExperiment(session, id, async (client) => {
      const best = await client.best();
      if (options.json === true) session.printJson(best);
      else if (best === null) session.print(nothingBest(await client.experiment()));
      else {
        session.print(`${session.style.bold(number(best.objective))}  ${bestPlace(best)}`);
        session.print(parameterLines(best.parameters));
      }
      return exitCodes.ok;
    });
  },
};

/** One parameter a line, exactly as the trial received it. */
function parameterLines(parameters: unknown): string {
  if (parameters === null || typeof parameters !== "object" || Array.isArray(parameters))
    return `  ${JSON.stringify(parameters)}`;
  const pairs = Object.entries(flattened(parameters));
  return facts(pairs.map(([name, value]) => [`  ${name}`, JSON.stringify(value)]));
}
