import { isKilled, listExperiments } from "../../manager/home.ts";
import type { ManagerFile } from "../../manager/home.ts";
import { readSupervisorFile } from "../../manager/supervisor-file.ts";
import { PolyphaseError } from "../../model/index.ts";
import { dismiss } from "../dismiss.ts";
import { endRemains } from "../end-remains.ts";
import { directoryOf, refreshed, selectExperiment } from "../experiments.ts";
import { removeNniPlaces } from "../nnictl/nni-places.ts";
import type { CliCommand, Session } from "../session.ts";
import { exitCodes, usageError } from "../session.ts";
import { plural } from "../terminal/words.ts";
import { ended, stillRunning } from "./stop.ts";

interface Options {
  readonly json?: true;
  readonly yes?: true;
  readonly allEnded?: true;
}

/** Long enough for jobs that take their time to end. */
const endingMs = 300_000;

export const deleteCommand: CliCommand<Options> = {
  configure(command) {
    command
      .argument("[ID...]", "the experiments' ids, or their beginnings")
      .option("--all-ended", "all experiments that are DONE, STOPPED or in ERROR")
      .option("-y, --yes", "do not ask");
  },
  async run({ operands, options, session }) {
    const chosen = choose(session, operands, options);
    for (const experiment of chosen) refuseRunning(experiment);
    const sure = chosen.length === 0 || options.yes === true || (await confirmed(session, chosen, options));
    const deleted: string[] = [];
    for (const experiment of sure ? chosen : []) {
      await deleteOne(session, experiment);
      deleted.push(experiment.id);
      if (options.json !== true) session.print(`deleted experiment ${experiment.id} (${experiment.name})`);
    }
    if (options.json === true) session.printJson({ deleted });
    else if (deleted.length === 0) session.print("nothing was deleted");
    return sure ? exitCodes.ok : exitCodes.failure;
  },
};

function choose(session: Session, ids: readonly string[], { allEnded }: Options): readonly ManagerFile[] {
  if (allEnded !== true && ids.length === 0)
    throw usageError(
      "expected the id of an experiment, or --all-ended",
      "polyphase list shows all experiments",
    );
  if (allEnded === true && ids.length > 0)
    throw usageError(`--all-ended chooses the experiments: leave out ${JSON.stringify(ids[0])}`);
  if (allEnded === true)
    return listExperiments(session.home).filter((experiment) => !experiment.alive && !isKilled(experiment));
  const chosen = ids.map((id) => selectExperiment(session, id));
  return chosen.filter(({ id }, place) => chosen.findIndex((other) => other.id === id) === place);
}

export function refuseRunning({ id, alive, pid }: ManagerFile): void {
  if (!alive) return;
  throw new PolyphaseError(
    "experiment-running",
    `experiment ${id} is running (pid ${pid}): nothing was deleted`,
    { hint: `polyphase stop ${id}` },
  );
}

async function confirmed(
  { io, note }: Session,
  chosen: readonly ManagerFile[],
  { json }: Options,
): Promise<boolean> {
  if (io.ask === undefined || json === true)
    throw usageError(
      `nobody can be asked whether ${plural(chosen.length, "experiment")} may go`,
      "say --yes",
    );
  for (const { id, name, status } of chosen) note(`${id}  ${status}  ${name}`);
  const answer = await io.ask(
    `delete ${plural(chosen.length, "experiment")} with all results, for good? [y/N] `,
  );
  return /^y(es)?$/i.test(answer.trim());
}

/** What still lives of it is ended first: nobody could find it afterwards. */
export async function deleteOne(session: Session, experiment: ManagerFile): Promise<void> {
  await endSupervisor(session, experiment);
  await dismiss(session, experiment);
  const pid = await endRemains(session, experiment, "it is to be deleted");
  if (pid !== undefined) {
    const now = await ended(session, { ...experiment, pid }, session.io.now() + endingMs);
    if (now.alive) throw stillRunning([now], endingMs);
  }
  refuseRunning(refreshed(session, experiment));
  const { deleteExperiment } = await import("../../manager/delete-experiment.ts");
  removeNniPlaces(session, experiment);
  deleteExperiment(session.home, experiment.id);
}

/** It would resume what is being deleted. */
async function endSupervisor(session: Session, experiment: ManagerFile): Promise<void> {
  const supervisor = readSupervisorFile(directoryOf(session, experiment));
  if (supervisor?.alive !== true) return;
  process.kill(supervisor.pid, "SIGTERM");
  while (readSupervisorFile(directoryOf(session, experiment))?.alive === true) await session.io.pause(20);
}
