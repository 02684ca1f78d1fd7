import { importAll } from "../../commands/import.ts";
import { openRunning } from "../../experiments.ts";
import { readRows } from "../../import/read-rows.ts";
import { readUserFile } from "../../read-file.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { chooseExperiment, idArgument } from "../choose.ts";
import { sayInfo, sayWarning } from "../say.ts";

export const experimentImportCommand: CliCommand<{ readonly filename: string }> = {
  configure(command) {
    idArgument(command).requiredOption(
      "-f, --filename <file>",
      "results: NNI's JSON, or what polyphase exports",
    );
  },
  async run({ operands: [id], options: { filename }, session }) {
    const client = openRunning(session, chooseExperiment(session, id));
    const { rows } = readRows(await readUserFile(filename), filename, await client.searchSpace());
    const { taken, outside, withoutObjective } = await importAll(client, rows);
    if (outside > 0) sayWarning(session, `${outside} lie outside of the search space`);
    if (withoutObjective > 0) sayWarning(session, `${withoutObjective} have a value without an objective`);
    sayInfo(session, `Import data success: ${taken} of ${rows.length} results`);
    return exitCodes.ok;
  },
};
