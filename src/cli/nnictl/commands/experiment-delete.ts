import { isKilled, listExperiments } from "../../../manager/home.ts";
import type { ManagerFile } from "../../../manager/home.ts";
import { PolyphaseError } from "../../../model/index.ts";
import { deleteOne, refuseRunning } from "../../commands/delete.ts";
import { selectExperiment } from "../../experiments.ts";
import type { CliCommand, Session } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { plural } from "../../terminal/words.ts";
import { sayInfo } from "../say.ts";

interface Options {
  readonly all?: true;
}

/** The experiment's own directory goes, also where it is in a logDir; nothing beside it. */
export const experimentDeleteCommand: CliCommand<Options> = {
  configure(command) {
    command
      .argument("[id]", "the experiment's id, or its beginning")
      .option("--all", "all experiments that have ended");
  },
  async run({ operands: [id], options, session }) {
    const chosen = choose(session, id, options);
    for (const experiment of chosen) refuseRunning(experiment);
    const sure = await confirmed(session, chosen);
    for (const experiment of sure ? chosen : []) {
      await deleteOne(session, experiment);
      sayInfo(session, `Delete experiment ${experiment.id} success.`);
    }
    if (!sure) sayInfo(session, "nothing was deleted");
    return exitCodes.ok;
  },
};

function choose(session: Session, id: string | undefined, { all }: Options): readonly ManagerFile[] {
  if (all === true)
    return listExperiments(session.home).filter((experiment) => !experiment.alive && !isKilled(experiment));
  if (id !== undefined) return [selectExperiment(session, id)];
  throw new PolyphaseError("experiment-not-named", "Please set the experiment id, or --all");
}

async function confirmed({ io }: Session, chosen: readonly ManagerFile[]): Promise<boolean> {
  const ids = chosen.map(({ id }) => id).join(", ");
  const question = `Are you sure to delete ${plural(chosen.length, "experiment")} with all results (${ids})? [y/N]: `;
  const answer = chosen.length === 0 ? "" : await io.ask?.(question);
  return /^y(es)?$/i.test(answer?.trim() ?? "");
}
