import { isKilled, listExperiments } from "../../manager/home.ts";
import type { ManagerFile } from "../../manager/home.ts";
import { isPolyphaseError, PolyphaseError } from "../../model/index.ts";
import { dismiss, dismissable } from "../dismiss.ts";
import { endRemains } from "../end-remains.ts";
import { experimentArgument, openRunning, refreshed, selectExperiment } from "../experiments.ts";
import { seconds } from "../option-values.ts";
import type { CliCommand, Session } from "../session.ts";
import { exitCodes, usageError } from "../session.ts";
import { duration } from "../terminal/words.ts";

interface Options {
  readonly json?: true;
  readonly all?: true;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** Without `--timeout`: long enough for jobs that take their time, short enough for scripts to notice. */
export const defaultTimeoutMs = 300_000;

/** Time between two looks at whether the manager is still there. */
const lookAgainMs = 50;

export const stopCommand: CliCommand<Options> = {
  configure(command) {
    experimentArgument(command)
      .option("--all", "all experiments that are running, or whose manager was killed")
      .option("--timeout <seconds>", "how long to wait (default: 300; 0: do not wait)", seconds);
  },
  async run({ operands: [id], options, session }) {
    const chosen = choose(session, id, options);
    const deadline = session.io.now() + (options.timeout ?? defaultTimeoutMs);
    const stops = await Promise.all(
      chosen.map((experiment) => stopExperiment(session, experiment, deadline)),
    );
    if (options.json === true)
      session.printJson(options.all === true ? stops.map(summary) : summary(stops[0]));
    else
      for (const line of stops.length === 0 ? ["no experiment is running"] : stops.map(sentence))
        session.print(line);
    const waiting = stops.filter((stopped) => stopped.alive);
    if (waiting.length === 0 || options.timeout === 0) return exitCodes.ok;
    throw stillRunning(waiting, options.timeout ?? defaultTimeoutMs);
  },
};

function choose(session: Session, id: string | undefined, { all }: Options): readonly ManagerFile[] {
  if (all !== true) return [selectExperiment(session, id)];
  if (id !== undefined) throw usageError(`--all stops every experiment: leave out ${JSON.stringify(id)}`);
  return listExperiments(session.home).filter(
    (experiment) => experiment.alive || isKilled(experiment) || dismissable(experiment),
  );
}

const reason = "stopped by a person";

/** Resolves when nothing runs any more, or the time is over. */
export async function stopExperiment(
  session: Session,
  experiment: ManagerFile,
  deadline: number,
): Promise<ManagerFile> {
  await dismiss(session, experiment);
  const ending = experiment.alive ? undefined : await endRemains(session, experiment, reason);
  if (ending !== undefined) return ended(session, { ...experiment, pid: ending }, deadline);
  const now = await named(session, experiment, deadline);
  if (now.url !== null) await openRunning(session, now).stop(reason).catch(unlessGone);
  return ended(session, now, deadline);
}

/** A manager that has just been started has no address yet. */
async function named(session: Session, experiment: ManagerFile, deadline: number): Promise<ManagerFile> {
  for (;;) {
    const now = refreshed(session, experiment);
    if (!now.alive || now.url !== null || session.io.now() >= deadline) return now;
    await session.io.pause(lookAgainMs);
  }
}

/**
 * As it is when its manager has gone, or when the time is over. Whoever resumes it at once starts another manager, which is not
 * waited for.
 */
export async function ended(
  session: Session,
  experiment: ManagerFile,
  deadline: number,
): Promise<ManagerFile> {
  for (;;) {
    const now = refreshed(session, experiment);
    if (now.alive && now.pid !== experiment.pid) return { ...now, status: "STOPPED", alive: false };
    if (!now.alive || session.io.now() >= deadline) return now;
    await session.io.pause(lookAgainMs);
  }
}

/** A manager that goes away while it is being asked to is no fault. */
function unlessGone(error: unknown): void {
  const gone = ["manager-unreachable", "experiment-ended"];
  if (!isPolyphaseError(error) || !gone.includes(error.code)) throw error;
}

function summary(experiment: ManagerFile | undefined): object {
  return { id: experiment?.id, status: experiment?.status, running: experiment?.alive };
}

function sentence({ id, name, status, alive }: ManagerFile): string {
  const still = alive ? ", its manager still runs" : "";
  return `experiment ${id} (${name}) is ${status}${still}`;
}

export function stillRunning(waiting: readonly ManagerFile[], timeoutMs: number): PolyphaseError {
  const ids = waiting.map((experiment) => experiment.id).join(", ");
  return new PolyphaseError("stop-timeout", `still running after ${duration(timeoutMs)}: ${ids}`, {
    hint: "trial jobs may take until the grace period is over; polyphase trial kill ends one",
  });
}
