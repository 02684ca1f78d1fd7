import { isKilled, listExperiments } from "../../manager/home.ts";
import type { ManagerFile } from "../../manager/home.ts";
import { readSupervisorFile } from "../../manager/supervisor-file.ts";
import type { SupervisorFile } from "../../manager/supervisor-file.ts";
import { directoryOf } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { paintStatus } from "../terminal/style.ts";
import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { duration, time } from "../terminal/words.ts";

export const listCommand: CliCommand<{ readonly json?: true }> = {
  configure() {},
  async run({ options, session }) {
    const experiments = listExperiments(session.home).map((experiment) => ({
      ...experiment,
      killed: isKilled(experiment),
      supervisor: readSupervisorFile(directoryOf(session, experiment)) ?? null,
    }));
    if (options.json === true) {
      session.printJson(
        experiments.map((experiment) => ({
          ...experiment,
          pid: experiment.alive ? experiment.pid : null,
          directory: directoryOf(session, experiment),
        })),
      );
    } else if (experiments.length === 0) {
      session.print(`no experiments in ${session.home} yet; polyphase init writes one to begin with`);
    } else {
      session.print(listing(experiments, session.style, session.io.now()));
    }
    return exitCodes.ok;
  },
};

interface Listed extends ManagerFile {
  readonly killed: boolean;
  readonly supervisor: SupervisorFile | null;
}

function listing(experiments: readonly Listed[], style: Style, now: number): string {
  const notes = experiments.map(note);
  const noted = notes.some((text) => text !== "");
  const titles = ["Experiment", "Status", "Created", "Age", "Platform", "Name", ...(noted ? ["Note"] : [])];
  const rows = experiments.map(({ id, status, createdAt, platform, name }, place) => [
    id,
    paintStatus(status, style),
    time(createdAt),
    duration(now - createdAt),
    platform,
    name,
    ...(noted ? [notes[place] as string] : []),
  ]);
  return table(
    titles.map((title) => ({ title })),
    rows,
  );
}

function note({ killed, supervisor }: Listed): string {
  if (supervisor?.alive === true)
    return killed ? "killed; is being resumed" : "resumed when its manager dies";
  const gaveUp = supervisor?.gaveUp ? "; given up to resume it" : "";
  return killed ? `killed; trial jobs may wait${gaveUp}` : "";
}
