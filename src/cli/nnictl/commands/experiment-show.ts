import { directoryOf } from "../../experiments.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { idArgument } from "../choose.ts";
import { nniJson, withDates } from "../nni-json.ts";
import { profile } from "../nni-views.ts";
import { withChosen } from "../with-chosen.ts";

export const experimentShowCommand: CliCommand = {
  configure: (command) => void idArgument(command),
  async run({ operands: [id], session }) {
    return withChosen(session, id, async (client, experiment) => {
      const shown = profile(await client.export(), directoryOf(session, experiment));
      session.print(nniJson(withDates(shown)));
      return exitCodes.ok;
    });
  },
};
