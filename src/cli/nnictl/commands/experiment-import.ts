import type { ManagerFile } from "../../../manager/home.ts";
import { startInBackground } from "../../background.ts";
import { importAll } from "../../commands/import.ts";
import { dismiss } from "../../dismiss.ts";
import { openExperiment, openRunning } from "../../experiments.ts";
import { importedCount } from "../../imported-count.ts";
import { readRows } from "../../import/read-rows.ts";
import { readUserFile } from "../../read-file.ts";
import type { CliCommand, Session } from "../../session.ts";
import { exitCodes, owner } from "../../session.ts";
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
    const experiment = chooseExperiment(session, id);
    const text = await readUserFile(filename);
    const isDone = !experiment.alive && experiment.status === "DONE";
    const { taken, all } = await (isDone ? importWhenDone : importNow)(session, experiment, text, filename);
    sayInfo(session, `Import data success: ${taken} of ${all} results`);
    return exitCodes.ok;
  },
};

interface Imported {
  readonly taken: number;
  readonly all: number;
}

async function importNow(
  session: Session,
  experiment: ManagerFile,
  text: string,
  filename: string,
): Promise<Imported> {
  const client = openRunning(session, experiment);
  const { rows } = readRows(text, filename, await client.searchSpace());
  const { taken, outside, withoutObjective } = await importAll(client, rows);
  if (outside > 0) sayWarning(session, `${outside} lie outside of the search space`);
  if (withoutObjective > 0) sayWarning(session, `${withoutObjective} have a value without an objective`);
  return { taken, all: rows.length };
}

/**
 * NNI's manager waits when all is done, and takes results. Ours only answers questions: a manager is started that takes them, and
 * is DONE again at once where no limit was raised.
 */
async function importWhenDone(
  session: Session,
  experiment: ManagerFile,
  text: string,
  filename: string,
): Promise<Imported> {
  const archive = openExperiment(session, experiment);
  const space = await archive.client.searchSpace();
  await archive.close();
  const { rows } = readRows(text, filename, space);
  const before = await importedCount(session, experiment);
  await dismiss(session, experiment);
  await startInBackground(session, {
    experimentId: experiment.id,
    config: null,
    points: rows,
    recovery: { by: owner },
    lingers: true,
  });
  const taken = (await importedCount(session, experiment)) - before;
  if (taken < rows.length)
    sayWarning(
      session,
      `${rows.length - taken} lie outside of the search space, or have a value without an objective`,
    );
  return { taken, all: rows.length };
}
