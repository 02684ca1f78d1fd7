import { PolyphaseError } from "../../../model/index.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { idArgument } from "../choose.ts";
import { sayInfo } from "../say.ts";
import { withChosen } from "../with-chosen.ts";

interface Options {
  readonly trial_id?: string;
}

export const logTrialCommand: CliCommand<Options> = {
  configure(command) {
    idArgument(command).option("-T, --trial_id <id>", "only this trial job");
  },
  async run({ operands: [id], options: { trial_id: wanted }, session }) {
    return withChosen(session, id, async ({ nni }, experiment) => {
      const jobs = await nni.trialJobs();
      const chosen = jobs.filter((job) => wanted === undefined || job.id === wanted);
      if (chosen.length === 0)
        throw new PolyphaseError(
          "trial-job-missing",
          wanted === undefined ? "There are no trial jobs yet" : `Trial job ${wanted} does not exist`,
          { hint: `what it printed: polyphase trial log ${experiment.id} TRIALJOBID` },
        );
      for (const job of chosen) sayInfo(session, `id:${job.id} path:${job.logPath}`);
      return exitCodes.ok;
    });
  },
};
