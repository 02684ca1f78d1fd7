import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { NniTrialJob } from "../../../client/index.ts";
import { processStart } from "../../../manager/home.ts";
import { PolyphaseError } from "../../../model/index.ts";
import { directoryOf } from "../../experiments.ts";
import { port } from "../../option-values.ts";
import type { CliCommand, Session } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { idArgument } from "../choose.ts";
import { refused, sayInfo } from "../say.ts";
import { keepTensorboards, livingTensorboards } from "../tensorboards.ts";
import { withChosen } from "../with-chosen.ts";

interface Options {
  readonly trial_id?: string;
  readonly port: number;
}

/** Trials find the directory to write to in NNI_OUTPUT_DIR. */
export const tensorboardStartCommand: CliCommand<Options> = {
  configure(command) {
    idArgument(command)
      .option("-T, --trial_id <id>", "one trial job, or all; default: the only one")
      .option("--port <n>", "port of tensorboard", port, 6_006);
  },
  async run({ operands: [id], options, session }) {
    return withChosen(session, id, async ({ nni }, experiment) => {
      const jobs = await nni.trialJobs();
      const directory = directoryOf(session, experiment);
      const logs =
        options.trial_id === "all" ? join(directory, "trials") : outputOf(chosen(jobs, options.trial_id));
      const pid = await startTensorboard(session, { logs, directory, port: options.port });
      const started = { pid, processStart: processStart(pid), port: options.port };
      keepTensorboards(directory, [...livingTensorboards(directory), started]);
      sayInfo(session, "Start tensorboard success!");
      sayInfo(session, `Tensorboard urls: http://127.0.0.1:${options.port}`);
      return exitCodes.ok;
    });
  },
};

function chosen(jobs: readonly NniTrialJob[], wanted: string | undefined): NniTrialJob {
  const [first, second] = jobs.filter(({ id }) => wanted === undefined || id === wanted);
  if (first === undefined)
    throw new PolyphaseError(
      "trial-job-missing",
      wanted === undefined ? "There are no trial jobs yet" : `Trial job ${wanted} does not exist`,
    );
  if (second === undefined) return first;
  throw new PolyphaseError("trial-job-not-named", "There are multiple trials, please set trial id!", {
    hint: "--trial_id ID, or --trial_id all",
  });
}

function outputOf({ logPath }: NniTrialJob): string {
  return logPath.replace(/^file:\/\/localhost:/, "");
}

interface Board {
  readonly logs: string;
  /** Of the experiment. */
  readonly directory: string;
  readonly port: number;
}

/** The user's own program, in a session of its own. Resolves to its pid. */
async function startTensorboard({ env }: Session, { logs, directory, port: at }: Board): Promise<number> {
  const output = openSync(join(directory, "tensorboard.out"), "a", 0o600);
  try {
    const child = spawn("tensorboard", ["--logdir", logs, "--port", String(at)], {
      env,
      detached: true,
      stdio: ["ignore", output, output],
    });
    await once(child, "spawn");
    child.unref();
    return child.pid as number;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw refused(
      "tensorboard is not installed here",
      `pip install tensorboard, or look elsewhere: tensorboard --logdir ${logs}`,
    );
  } finally {
    closeSync(output);
  }
}
