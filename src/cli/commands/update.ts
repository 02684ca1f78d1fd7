import type { ConfigChange } from "../../model/index.ts";
import type { ChangeOptions } from "../change-options.ts";
import { changeOptions, changesOf } from "../change-options.ts";
import { experimentArgument, openRunning, selectExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes, usageError } from "../session.ts";
import { facts } from "../terminal/table.ts";
import { duration, plural } from "../terminal/words.ts";

interface Options extends ChangeOptions {
  readonly json?: true;
}

export const updateCommand: CliCommand<Options> = {
  configure(command) {
    changeOptions(experimentArgument(command));
  },
  async run({ operands: [id], options, session }) {
    const changes = await changesOf(options);
    if (Object.keys(changes).length === 0)
      throw usageError("nothing to change", "say what: polyphase update --concurrency 4; --help lists all");
    const experiment = selectExperiment(session, id);
    const view = await openRunning(session, experiment).update(changes);
    if (options.json === true) session.printJson(view);
    else session.print(`experiment ${view.id} (${view.name}) from now on\n${changeText(changes)}`);
    return exitCodes.ok;
  },
};

function changeText(changes: ConfigChange): string {
  return facts(Object.entries(changes).map(([key, value]) => [`  ${key}`, valueText(key, value)]));
}

function valueText(key: string, value: unknown): string {
  if (value === null) return "no limit";
  if (key === "maxExecDurationMs") return duration(Number(value));
  if (key === "searchSpace") return plural(Object.keys(value as object).length, "parameter");
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  return String(value);
}
