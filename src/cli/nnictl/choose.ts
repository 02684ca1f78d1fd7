/** NNI's rules for which experiment a command is about. */
import type { Command } from "commander";
import { isKilled, listExperiments } from "../../manager/home.ts";
import type { ManagerFile } from "../../manager/home.ts";
import { PolyphaseError } from "../../model/index.ts";
import { dismissable } from "../dismiss.ts";
import { selectExperiment } from "../experiments.ts";
import { portOf } from "../port-of.ts";
import type { Session } from "../session.ts";
import { listText } from "./list-text.ts";

/** Declares the argument that names an experiment. */
export function idArgument(command: Command): Command {
  return command.argument(
    "[id]",
    "the experiment's id, or its beginning; default: the only one that is running",
  );
}

/**
 * The experiment that `id` names. Without it, the only one that is running. Where none is running, the newest one, if it has
 * come to its own end: NNI's manager stays until `nnictl stop`, so scripts ask for results without an id.
 */
export function chooseExperiment(session: Session, id: string | undefined): ManagerFile {
  if (id !== undefined) return selectExperiment(session, id);
  const experiments = listExperiments(session.home);
  const running = experiments.filter(({ alive }) => alive);
  if (running.length > 1) throw several(running);
  const [chosen = endedByItself(experiments[0]) ?? onlyOne(experiments.filter(dismissable))] = running;
  if (chosen === undefined)
    throw notThere(
      "There is no experiment running!",
      "nnictl experiment list --all shows those that are not",
    );
  return chosen;
}

/** Such a one is shown by `nnictl view`. */
function onlyOne([first, ...others]: readonly ManagerFile[]): ManagerFile | undefined {
  return others.length === 0 ? first : undefined;
}

function endedByItself(newest: ManagerFile | undefined): ManagerFile | undefined {
  return newest?.status === "DONE" || newest?.status === "ERROR" ? newest : undefined;
}

/** What `stop` is about. */
export interface StopChoice {
  readonly all?: true;
  readonly port?: number;
}

/**
 * `all`, what listens on `port`, all whose id begins like `id*`, or the one that {@link chooseExperiment} finds. Nothing to stop
 * is no fault where no id is given: scripts begin and end with it.
 */
export function chooseStopped(
  session: Session,
  id: string | undefined,
  { all, port }: StopChoice,
): readonly ManagerFile[] {
  if (all === true) return stoppable(session);
  if (port !== undefined) return listExperiments(session.home).filter((each) => portOf(each) === port);
  if (id === "all") throw notThere("nnictl stop all is no longer possible", "use: nnictl stop --all");
  if (id?.endsWith("*") === true) {
    const found = stoppable(session).filter((experiment) => experiment.id.startsWith(id.slice(0, -1)));
    if (found.length === 0) throw notThere(`No experiment that is running begins with ${id.slice(0, -1)}`);
    return found;
  }
  if (id === undefined && stoppable(session).length === 0) return [];
  return [chooseExperiment(session, id)];
}

function stoppable({ home }: Session): readonly ManagerFile[] {
  return listExperiments(home).filter(
    (experiment) => experiment.alive || isKilled(experiment) || dismissable(experiment),
  );
}

function several(running: readonly ManagerFile[]): PolyphaseError {
  return new PolyphaseError(
    "experiment-not-named",
    `There are multiple experiments, please set the experiment id...\n${listText(running)}`,
  );
}

function notThere(message: string, hint?: string): PolyphaseError {
  return new PolyphaseError("experiment-missing", message, hint === undefined ? {} : { hint });
}
