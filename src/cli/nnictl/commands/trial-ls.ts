import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { idArgument } from "../choose.ts";
import { nniJson, withDates } from "../nni-json.ts";
import { readTrialJobInfos } from "../trial-infos.ts";
import { withChosen } from "../with-chosen.ts";

export const trialLsCommand: CliCommand = {
  configure: (command) => void idArgument(command),
  async run({ operands: [id], session }) {
    return withChosen(session, id, async (client, experiment) => {
      const jobs = await readTrialJobInfos(session, client, experiment);
      session.print(nniJson(jobs.map(withDates)));
      return exitCodes.ok;
    });
  },
};
