import type { Command } from "commander";
import type { ManagerFile } from "../../../manager/home.ts";
import type { ConfigChange } from "../../../model/index.ts";
import { isPolyphaseError, messageOf, mostOfLimit, PolyphaseError } from "../../../model/index.ts";
import { startInBackground } from "../../background.ts";
import type { ChangeOptions } from "../../change-options.ts";
import { changesOf } from "../../change-options.ts";
import { dismiss } from "../../dismiss.ts";
import { openRunning } from "../../experiments.ts";
import { wholeNumber } from "../../option-values.ts";
import type { CliCommand, Session } from "../../session.ts";
import { exitCodes, owner } from "../../session.ts";
import { chooseExperiment, idArgument } from "../choose.ts";
import { sayInfo } from "../say.ts";

interface Value<Type> {
  readonly value: Type;
}

export const updateSearchSpaceCommand: CliCommand<{ readonly filename: string }> = update({
  what: "searchSpace",
  configure: (command) => command.requiredOption("-f, --filename <file>", "the new search space"),
  changes: ({ filename }) => ({ searchSpace: filename }),
});

export const updateConcurrencyCommand: CliCommand<Value<number>> = update({
  what: "concurrency",
  configure: (command) =>
    command.requiredOption("-v, --value <n>", "trial jobs at once", wholeNumber(1, 1_000)),
  changes: ({ value }) => ({ concurrency: value }),
});

export const updateDurationCommand: CliCommand<Value<string>> = update({
  what: "duration",
  configure: (command) => command.requiredOption("-v, --value <time>", "running time in all: 30m, 2h, 1d"),
  changes: ({ value }) => ({ maxExecDuration: value }),
});

export const updateTrialNumCommand: CliCommand<Value<number>> = update({
  what: "trialnum",
  configure: (command) =>
    command.requiredOption("-v, --value <n>", "trial jobs in all", wholeNumber(1, mostOfLimit)),
  changes: ({ value }) => ({ maxTrialNum: value }),
});

interface Update<Options> {
  /** As NNI calls it. */
  readonly what: string;
  configure(command: Command): Command;
  /** The same, as options of `polyphase update`. */
  changes(options: Options): ChangeOptions;
}

function update<Options>({ what, configure, changes }: Update<Options>): CliCommand<Options> {
  return {
    configure: (command) => void configure(idArgument(command)),
    async run({ operands: [id], options, session }) {
      const experiment = chooseExperiment(session, id);
      try {
        await change(session, experiment, await changesOf(changes(options)));
      } catch (cause) {
        const hint = isPolyphaseError(cause) ? cause.hint : undefined;
        throw new PolyphaseError("update-failed", `Update ${what} failed! ${messageOf(cause)}`, {
          cause,
          ...(hint === undefined ? {} : { hint }),
        });
      }
      sayInfo(session, `Update ${what} success!`);
      return exitCodes.ok;
    },
  };
}

/** NNI's manager waits when all is done, and goes on when a limit is raised. Ours only answers questions: it is resumed. */
async function change(session: Session, experiment: ManagerFile, changes: ConfigChange): Promise<void> {
  if (experiment.alive || experiment.status !== "DONE") {
    await openRunning(session, experiment).update(changes);
    return;
  }
  await dismiss(session, experiment);
  const recovery = { changes, by: owner };
  await startInBackground(session, { experimentId: experiment.id, config: null, recovery, lingers: true });
  sayInfo(session, `experiment ${experiment.id} was DONE: it goes on in the background`);
}
