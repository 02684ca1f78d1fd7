import type { TrialJobView } from "../../model/http.ts";
import { experimentArgument, withExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import type { Style } from "../terminal/style.ts";
import { paintStatus } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { duration, number, time } from "../terminal/words.ts";

export const trialListCommand: CliCommand<{ readonly json?: true }> = {
  configure(command) {
    experimentArgument(command);
  },
  async run({ operands: [id], options, session }) {
    return withExperiment(session, id, async (client) => {
      const jobs: TrialJobView[] = [];
      for await (const job of client.allTrialJobs({ limit: 1_000 })) jobs.push(job);
      if (options.json === true) session.printJson(jobs);
      else if (jobs.length === 0) session.print("no trial jobs yet");
      else session.print(listing(jobs, session.style, session.io));
      return exitCodes.ok;
    });
  },
};

interface Screen {
  now(): number;
  readonly stdout: { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };
}

function listing(jobs: readonly TrialJobView[], style: Style, { now, stdout }: Screen): string {
  const episodes = jobs.some((job) => job.objective !== null);
  const columns = [
    { title: "Trial job" },
    { title: "Number", align: "right" },
    { title: "Status" },
    { title: "Phases", align: "right" },
    ...(episodes ? [{ title: "Objective", align: "right" } as const] : []),
    { title: "Started" },
    { title: "Duration", align: "right" },
    { title: "Reason" },
  ] as const;
  const rows = jobs.map((job) => [
    job.id,
    String(job.number),
    paintStatus(job.status, style),
    String(job.phases),
    ...(episodes ? [number(job.objective)] : []),
    time(job.startTime),
    job.startTime === null ? "-" : duration((job.endTime ?? now()) - job.startTime),
    job.reason ?? "",
  ]);
  return table(columns, rows, stdout.isTTY === true ? stdout.columns : undefined);
}
