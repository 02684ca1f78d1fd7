import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { idArgument } from "../choose.ts";
import { nniJson } from "../nni-json.ts";
import { withChosen } from "../with-chosen.ts";

export const experimentStatusCommand: CliCommand = {
  configure: (command) => void idArgument(command),
  async run({ operands: [id], session }) {
    return withChosen(session, id, async ({ nni }) => {
      session.print(nniJson(await nni.checkStatus()));
      return exitCodes.ok;
    });
  },
};
