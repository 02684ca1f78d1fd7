import { makeNetrc } from "../../../manager/home.ts";
import type { ManagerFile } from "../../../manager/home.ts";
import { PolyphaseError } from "../../../model/index.ts";
import { startInBackground } from "../../background.ts";
import { checkResumable } from "../../commands/resume.ts";
import { dismiss } from "../../dismiss.ts";
import { selectExperiment } from "../../experiments.ts";
import { port } from "../../option-values.ts";
import type { CliCommand, Session } from "../../session.ts";
import { exitCodes, owner } from "../../session.ts";
import { banner } from "../banner.ts";
import { inForeground } from "../in-foreground.ts";
import { makeNniPlaces } from "../nni-places.ts";
import { defaultPort, onFreePort } from "../on-free-port.ts";
import { sayInfo, sayWarning } from "../say.ts";
import { startViewer } from "../start-viewer.ts";

interface Options {
  readonly port: number;
  readonly debug?: true;
  readonly foreground?: true;
}

export const resumeCommand: CliCommand<Options> = {
  configure(command) {
    command
      .argument("[id]", "the experiment's id, or its beginning")
      .option("-p, --port <n>", "port of the manager; 0: any free one", port, defaultPort)
      .option("-d, --debug", "without effect: the experiment keeps its log level")
      .option("-f, --foreground", "run here, with live progress, until the experiment has ended");
  },
  async run({ operands: [id], options, session }) {
    if (id === undefined)
      throw new PolyphaseError("experiment-not-named", "Please set the experiment id!", {
        hint: "nnictl experiment list --all shows all experiments",
      });
    if (options.debug === true) sayWarning(session, "--debug: a resumed experiment keeps its log level");
    const experiment = selectExperiment(session, id);
    if (experiment.alive)
      throw new PolyphaseError("experiment-running", "Only stopped experiments can be resumeed!", {
        hint: `experiment ${experiment.id} is ${experiment.status}`,
      });
    const isDone = experiment.status === "DONE" && options.foreground !== true;
    if (!isDone) checkResumable(experiment, {});
    await dismiss(session, experiment);
    sayInfo(session, `Resuming experiment ${experiment.id}...`);
    if (isDone) return resumeDone(session, experiment, options.port);
    const goingOn = { experimentId: experiment.id, recovery: { by: owner } };
    if (options.foreground === true) return inForeground(session, { ...goingOn, resume: true }, options.port);
    makeNetrc(session.home);
    const start = { ...goingOn, config: null, listen: { port: options.port }, lingers: true };
    const started = await onFreePort(session, options.port, () => startInBackground(session, start));
    makeNniPlaces(session, started);
    sayInfo(session, "Successfully started experiment!");
    session.print(banner(started));
    return exitCodes.ok;
  },
};

/** Nothing is left to do: it is answered for, as NNI's manager did, and goes on when a limit is raised. */
async function resumeDone(session: Session, experiment: ManagerFile, port: number): Promise<number> {
  const viewer = await startViewer(session, experiment, port);
  makeNniPlaces(session, experiment);
  sayInfo(session, "Successfully started experiment!");
  session.print(banner(viewer));
  return exitCodes.ok;
}
