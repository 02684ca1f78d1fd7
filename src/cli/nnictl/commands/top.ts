import type { ManagerFile } from "../../../manager/home.ts";
import { listExperiments } from "../../../manager/home.ts";
import { openExperiment } from "../../experiments.ts";
import { wholeNumber } from "../../option-values.ts";
import { portOf } from "../../port-of.ts";
import type { CliCommand, Session } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { table } from "../../terminal/table.ts";
import { duration, time } from "../../terminal/words.ts";

interface Options {
  readonly time: number;
}

export const topCommand: CliCommand<Options> = {
  configure(command) {
    command.option("-t, --time <seconds>", "time between two looks", wholeNumber(1), 3);
  },
  async run({ options, session }) {
    const over = new AbortController();
    const forget = session.io.onInterrupt(() => over.abort());
    try {
      while (!over.signal.aborted) {
        if (session.io.stdout.isTTY === true) session.io.stdout.write("\u001b[2J\u001b[H");
        session.print(await screen(session));
        await session.io.pause(options.time * 1_000, over.signal);
      }
    } finally {
      forget();
    }
    return exitCodes.ok;
  },
};

async function screen(session: Session): Promise<string> {
  const running = listExperiments(session.home).filter(({ alive }) => alive);
  const parts = await Promise.all(running.map((experiment) => about(session, experiment)));
  const title = `${time(session.io.now())}    experiments running: ${running.length}`;
  return [title, ...parts].join("\n\n");
}

async function about(session: Session, experiment: ManagerFile): Promise<string> {
  const { id, status, platform, createdAt } = experiment;
  const now = session.io.now();
  const { client, close } = openExperiment(session, experiment);
  try {
    const jobs = await client.nni.trialJobs();
    const rows = jobs.map((job) => [
      job.id,
      time(job.startTime),
      time(job.endTime ?? null),
      duration((job.endTime ?? now) - job.startTime),
      job.status,
    ]);
    const titles = ["trialId", "startTime", "endTime", "duration", "status"];
    return [
      `Id: ${id}    Status: ${status}    Port: ${portOf(experiment) ?? "N/A"}    Platform: ${platform}`,
      `StartTime: ${time(createdAt)}    Duration: ${duration(now - createdAt)}`,
      table(
        titles.map((title) => ({ title })),
        rows,
      ),
    ].join("\n");
  } finally {
    await close();
  }
}
