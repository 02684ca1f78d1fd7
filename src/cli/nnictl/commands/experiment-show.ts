import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { idArgument } from "../choose.ts";
import { nniJson, withDates } from "../nni-json.ts";
import { withChosen } from "../with-chosen.ts";

export const experimentShowCommand: CliCommand = {
  configure: (command) => void idArgument(command),
  async run({ operands: [id], session }) {
    return withChosen(session, id, async ({ nni }) => {
      session.print(nniJson(withDates(await nni.experiment())));
      return exitCodes.ok;
    });
  },
};
