/** From what people type to an experiment that answers. */
import type { Command } from "commander";
import type { Client } from "../client/index.ts";
import { createClient } from "../client/index.ts";
import type { ManagerFile } from "../manager/home.ts";
import type { Archive } from "../manager/index.ts";
import { experimentDirectory, listExperiments, readManagerFile, readToken } from "../manager/home.ts";
import { PolyphaseError } from "../model/index.ts";
import type { Session } from "./session.ts";
import { agent } from "./session.ts";
import { plural } from "./terminal/words.ts";

/** Declares the argument that names an experiment. */
export function experimentArgument(command: Command): Command {
  return command.argument("[ID]", "the experiment's id, or its beginning; default: the one that is running");
}

/** The experiment that `id` (or its beginning) names; without it the only one that is running, which a note on stderr names. */
export function selectExperiment(session: Session, id: string | undefined): ManagerFile {
  const experiments = listExperiments(session.home);
  return id === undefined ? onlyRunning(session, experiments) : named(session, experiments, id);
}

function onlyRunning(session: Session, experiments: readonly ManagerFile[]): ManagerFile {
  const running = experiments.filter((experiment) => experiment.alive);
  const [experiment] = running;
  if (experiment !== undefined && running.length === 1) {
    session.note(`experiment ${experiment.id} (${experiment.name}), the one that is running`);
    return experiment;
  }
  throw new PolyphaseError(
    "experiment-not-named",
    running.length === 0
      ? "no experiment is running, so its id is needed"
      : `${running.length} experiments are running, so an id is needed: ${names(running)}`,
    { hint: "polyphase list shows all experiments" },
  );
}

function named(session: Session, experiments: readonly ManagerFile[], id: string): ManagerFile {
  const exact = experiments.find((experiment) => experiment.id === id);
  const matches =
    exact === undefined ? experiments.filter((experiment) => experiment.id.startsWith(id)) : [exact];
  const [experiment] = matches;
  if (experiment !== undefined && matches.length === 1) return experiment;
  if (experiment === undefined)
    throw new PolyphaseError(
      "experiment-missing",
      `there is no experiment ${JSON.stringify(id)} among the ${plural(experiments.length, "experiment")} in ${session.home}`,
      { hint: "polyphase list shows all experiments" },
    );
  throw new PolyphaseError("experiment-ambiguous", `${JSON.stringify(id)} may mean: ${names(matches)}`, {
    hint: "give more letters of the id",
  });
}

function names(experiments: readonly ManagerFile[]): string {
  const shown = experiments.slice(0, 8).map(({ id, name }) => `${id} (${name})`);
  return [...shown, ...(experiments.length > 8 ? ["..."] : [])].join(", ");
}

export function directoryOf(session: Session, { id }: Pick<ManagerFile, "id">): string {
  return experimentDirectory(session.home, id);
}

/** The experiment's file as it is now. */
export function refreshed(session: Session, experiment: ManagerFile): ManagerFile {
  return readManagerFile(directoryOf(session, experiment)) ?? experiment;
}

/** An experiment that answers: its manager where that is alive, else its journal, read-only. */
export interface OpenExperiment {
  readonly client: Client;
  close(): Promise<void>;
}

/** Where its manager is; throws `experiment-not-running` where there is none. */
export function runningAddress({ alive, url, publicUrl, id, status }: ManagerFile): {
  readonly url: string;
  readonly publicUrl: string;
} {
  if (!alive || url === null)
    throw new PolyphaseError("experiment-not-running", `experiment ${id} is not running: it is ${status}`, {
      hint:
        status === "DONE"
          ? `${withOtherLimits(id)} goes on with it`
          : `resume it first: polyphase resume ${id} goes on with it`,
    });
  return { url, publicUrl: publicUrl ?? url };
}

/** Talks to the manager; throws `experiment-not-running` where there is none. */
export function openRunning(session: Session, experiment: ManagerFile): Client {
  const { url } = runningAddress(experiment);
  return createClient({ url, token: readToken(directoryOf(session, experiment)), agent });
}

/** What gives an experiment that is DONE something to do again. */
export function withOtherLimits(id: string): string {
  return `polyphase resume ${id} with --max-phase-num, --max-trial-num, --max-exec-duration, --max-phases-per-trial or --search-space`;
}

/** A manager that ends while it is being asked is replaced by the journal: reading goes on. */
export function openExperiment(session: Session, experiment: ManagerFile): OpenExperiment {
  const directory = directoryOf(session, experiment);
  let archive: Promise<Archive> | undefined;
  const fromArchive: typeof fetch = async (...call) =>
    (await (archive ??= openArchive(directory))).fetch(...call);
  const fromManager: typeof fetch = async (...call) => {
    try {
      return await fetch(...call);
    } catch (error) {
      const { alive, endedAt } = refreshed(session, experiment);
      if (alive && endedAt === null) throw error; // else it is closing, or gone
      return fromArchive(...call);
    }
  };
  const { alive, url } = experiment;
  const client =
    alive && url !== null
      ? createClient({ url, token: readToken(directory), agent, fetch: fromManager })
      : createClient({ url: "http://localhost", fetch: fromArchive });
  return {
    client,
    close: async () =>
      archive?.then(
        (opened) => opened.close(),
        () => undefined,
      ),
  };
}

/** The rooms behind it are heavy: loaded only when needed. */
async function openArchive(directory: string): Promise<Archive> {
  const manager = await import("../manager/index.ts");
  return manager.openArchive(directory);
}

/** Opens, uses and closes the experiment that `id` names. */
export async function withExperiment<Result>(
  session: Session,
  id: string | undefined,
  use: (client: Client, experiment: ManagerFile) => Promise<Result>,
): Promise<Result> {
  const experiment = selectExperiment(session, id);
  const { client, close } = openExperiment(session, experiment);
  try {
    return await use(client, experiment);
  } finally {
    await close();
  }
}
