import { PolyphaseError } from "../../model/index.ts";
import { directoryOf, selectExperiment } from "../experiments.ts";
import { freePort } from "../free-port.ts";
import type { ServingOptions } from "../serving-options.ts";
import { listenOf, servingOptions } from "../serving-options.ts";
import type { CliCommand, Session } from "../session.ts";
import { exitCodes } from "../session.ts";
import { pageUrl } from "../started-text.ts";

interface Options extends ServingOptions {
  readonly json?: true;
}

export const viewCommand: CliCommand<Options> = {
  configure(command) {
    servingOptions(command.argument("<ID>", "the experiment's id, or its beginning"));
  },
  async run({ operands: [id], options, session }) {
    const { id: experimentId, name, alive, url } = selectExperiment(session, id);
    if (alive) throw hasManager(experimentId, url);
    const { serveArchive } = await import("../../manager/index.ts");
    const listen = listenOf(options);
    await freePort(session, listen.port);
    const served = await serveArchive(directoryOf(session, { id: experimentId }), listen);
    const { url: address, publicUrl, viewerToken: token } = served;
    const page = pageUrl({ publicUrl, token });
    if (options.json === true) session.printJson({ id: experimentId, url: address, page });
    else session.print(`experiment ${experimentId} (${name}), for reading: ${page}\nCtrl-C ends this`);
    await interrupted(session);
    await served.close();
    return exitCodes.ok;
  },
};

export function hasManager(id: string, url: string | null): PolyphaseError {
  const where = url === null ? "" : ` at ${url}`;
  return new PolyphaseError("experiment-running", `experiment ${id} has a living manager${where}`, {
    hint: url === null ? `polyphase status ${id}` : `its own page is there: ${url}`,
  });
}

function interrupted({ io }: Session): Promise<void> {
  return new Promise((resolve) => {
    const forget = io.onInterrupt(() => {
      forget();
      resolve();
    });
  });
}
