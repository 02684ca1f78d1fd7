import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { idArgument } from "../choose.ts";
import { nniJson } from "../nni-json.ts";
import { checkStatus } from "../nni-views.ts";
import { withChosen } from "../with-chosen.ts";

export const experimentStatusCommand: CliCommand = {
  configure: (command) => void idArgument(command),
  async run({ operands: [id], session }) {
    return withChosen(session, id, async (client) => {
      session.print(nniJson(checkStatus(await client.experiment())));
      return exitCodes.ok;
    });
  },
};
