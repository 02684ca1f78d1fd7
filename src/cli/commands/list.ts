import { listExperiments } from "../../manager/home.ts";
import type { ManagerFile } from "../../manager/home.ts";
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
    const experiments = listExperiments(session.home);
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

function listing(experiments: readonly ManagerFile[], style: Style, now: number): string {
  const columns = ["Experiment", "Status", "Created", "Age", "Platform", "Name"].map((title) => ({ title }));
  const rows = experiments.map(({ id, status, createdAt, platform, name }) => [
    id,
    paintStatus(status, style),
    time(createdAt),
    duration(now - createdAt),
    platform,
    name,
  ]);
  return table(columns, rows);
}
