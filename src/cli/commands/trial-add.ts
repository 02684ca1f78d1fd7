import { randomUUID } from "node:crypto";
import type { Json } from "../../model/index.ts";
import { experimentArgument, openRunning, selectExperiment } from "../experiments.ts";
import { onceMore } from "../once-more.ts";
import { parseUserJson, readUserFile } from "../read-file.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes, usageError } from "../session.ts";
import { plural } from "../terminal/words.ts";

interface Options {
  readonly json?: true;
  readonly parameters?: string;
  readonly file?: string;
}

export const trialAddCommand: CliCommand<Options> = {
  configure(command) {
    experimentArgument(command)
      .option("--parameters <json>", 'the parameters: {"lr": 0.1}; a list of such for several')
      .option("-f, --file <file>", "a JSON file with them");
  },
  async run({ operands: [id], options, session }) {
    const all = await parametersIn(options);
    const client = openRunning(session, selectExperiment(session, id));
    const added = [];
    for (const parameters of all) {
      const requestId = randomUUID();
      const answer = await onceMore(() => client.addParameters({ parameters, requestId }));
      added.push({ ...answer, parameters });
      if (answer.inside === false)
        session.note(`warning: outside of the search space: ${JSON.stringify(parameters)}`);
    }
    if (options.json === true) session.printJson(added);
    else session.print(`added ${plural(added.length, "configuration")}: the next requests get them`);
    return exitCodes.ok;
  },
};

async function parametersIn({ parameters, file }: Options): Promise<readonly Json[]> {
  if ((parameters === undefined) === (file === undefined))
    throw usageError("expected either --parameters or --file", "--parameters '{\"lr\": 0.1}'");
  const given =
    file === undefined
      ? parseUserJson(parameters ?? "", "--parameters")
      : parseUserJson(await readUserFile(file), file);
  return Array.isArray(given) ? (given as readonly Json[]) : [given];
}
