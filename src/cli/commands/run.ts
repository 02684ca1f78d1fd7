import { experimentView } from "../../journal/views.ts";
import type { Recovery, RunningManager } from "../../manager/index.ts";
import type { ExperimentView } from "../../model/http.ts";
import type { ExperimentConfig, ExperimentStatus } from "../../model/index.ts";
import { freePort } from "../free-port.ts";
import type { ConfigOptions } from "../load-experiment-config.ts";
import { configOptions, loadExperimentConfig } from "../load-experiment-config.ts";
import type { Progress } from "../progress/progress.ts";
import { createProgress } from "../progress/progress.ts";
import { runSummary } from "../run-summary.ts";
import type { Listen, ServingOptions } from "../serving-options.ts";
import { listenOf, servingOptions } from "../serving-options.ts";
import type { CliCommand, Session } from "../session.ts";
import { exitCodes, owner } from "../session.ts";
import { pageUrl } from "../started-text.ts";
import type { Style } from "../terminal/style.ts";
import { createStyle, takesColours } from "../terminal/style.ts";
import { plural } from "../terminal/words.ts";

interface Options extends ConfigOptions, ServingOptions {
  readonly json?: true;
}

export const runCommand: CliCommand<Options> = {
  configure(command) {
    servingOptions(configOptions(command));
  },
  async run({ options, session }) {
    const listen = listenOf(options);
    const config = await loadExperimentConfig(session, options);
    await freePort(session, listen.port);
    return runHere(session, { what: { config }, listen, json: options.json === true, announcement });
  },
};

/** What is to be run, and how it is shown. */
export interface Run {
  /** A new experiment, or one that goes on. */
  readonly what: { readonly config: ExperimentConfig } | Resumed;
  readonly listen: Listen;
  readonly json: boolean;
  /** What is said as soon as the experiment is there. */
  announcement(manager: RunningManager, name: string, style: Style): string;
}

interface Resumed {
  readonly experimentId: string;
  readonly resume: true;
  readonly recovery: Recovery;
}

function announcement(manager: RunningManager, name: string, style: Style): string {
  return `experiment ${style.bold(manager.experimentId)} (${name}) at ${pageUrl(manager)}`;
}

/** Runs an experiment in this process to its end. Resolves to the exit code. */
export async function runHere(session: Session, run: Run): Promise<number> {
  const output = run.json ? session.io.stderr : session.io.stdout;
  const style = createStyle(takesColours(output, session.env));
  const { startManager } = await import("../../manager/index.ts");
  const manager = await startManager({ home: session.home, ...run.what, ...run.listen });
  const progress = createProgress(output, style);
  const { experimentName } = manager.experiment.state.config;
  progress.say(run.announcement(manager, experimentName, style));
  const end = await untilEnded(manager, session, progress);
  progress.end();
  const view = await finalView(manager, session);
  await closed(manager, session, end);
  if (run.json) session.printJson({ ...view, directory: manager.directory });
  else session.print(runSummary(view, manager.directory, style));
  return exitCode(end);
}

/** How it came to an end. `left`: by force, with trial jobs that had not ended yet. */
interface End {
  readonly status: ExperimentStatus | "left";
  readonly interrupted: boolean;
}

function exitCode({ status, interrupted }: End): number {
  if (interrupted) return exitCodes.interrupted;
  return status === "DONE" ? exitCodes.ok : exitCodes.failure;
}

/** Shows progress. The first Ctrl-C stops the experiment gently, the second by force, the third waits for nothing. */
async function untilEnded(manager: RunningManager, session: Session, progress: Progress): Promise<End> {
  const { io } = session;
  const over = new AbortController();
  let status: End["status"] = "left";
  const ended = manager.ended.then((final) => void (status = final)).finally(() => over.abort());
  ended.catch(() => undefined); // thrown below, unless somebody leaves before
  let interrupts = 0;
  const forget = io.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 2) return over.abort();
    progress.say(
      interrupts === 1
        ? "stopping gently: trial jobs are asked to end; Ctrl-C again ends them by force"
        : "stopping by force",
    );
    manager.stop("stopped by Ctrl-C", { force: interrupts > 1, by: owner }).catch(() => undefined); // `ended` tells
  });
  try {
    while (!over.signal.aborted) {
      progress.update(viewOf(manager, session, manager.url), io.now());
      await io.pause(progress.everyMs, over.signal);
    }
    if (interrupts < 3) await ended;
  } finally {
    forget();
  }
  return { status, interrupted: interrupts > 0 };
}

/** How it stands when the manager has gone. */
async function finalView(manager: RunningManager, session: Session): Promise<ExperimentView> {
  await manager.experiment.settled();
  return viewOf(manager, session, null);
}

function viewOf({ experiment }: RunningManager, { io }: Session, url: string | null): ExperimentView {
  return experimentView(experiment.state, { now: io.now(), pid: url === null ? null : process.pid, url });
}

/** Longest time that leaving by force may take. */
const leavingMs = 2_000;

async function closed(manager: RunningManager, { io, note }: Session, { status }: End): Promise<void> {
  if (status !== "left") return manager.close();
  const { size } = manager.experiment.state.activeTrialJobs;
  await Promise.race([manager.close(), io.pause(leavingMs)]);
  if (size > 0) note(`left before ${plural(size, "trial job")} had ended: processes of theirs may still run`);
}
