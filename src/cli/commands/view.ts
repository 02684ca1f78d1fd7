import { PolyphaseError } from "../../model/index.ts";
import { directoryOf, selectExperiment } from "../experiments.ts";
import { port } from "../option-values.ts";
import type { CliCommand, Session } from "../session.ts";
import { exitCodes } from "../session.ts";
import { pageUrl } from "../started-text.ts";

interface Options {
  readonly json?: true;
  readonly port: number;
  readonly host: string;
}

export const viewCommand: CliCommand<Options> = {
  configure(command) {
    command
      .argument("<ID>", "the experiment's id, or its beginning")
      .option("--port <n>", "port to listen on (default: a free one)", port, 0)
      .option("--host <address>", "address to listen on; 0.0.0.0 for all", "127.0.0.1");
  },
  async run({ operands: [id], options: { json, port: wanted, host }, session }) {
    const { id: experimentId, name, alive, url } = selectExperiment(session, id);
    if (alive) throw hasManager(experimentId, url);
    const { serveArchive } = await import("../../manager/index.ts");
    const served = await serveArchive(directoryOf(session, { id: experimentId }), { host, port: wanted });
    const page = pageUrl({ url: served.url, token: served.viewerToken });
    if (json === true) session.printJson({ id: experimentId, url: served.url, page });
    else session.print(`experiment ${experimentId} (${name}), for reading: ${page}\nCtrl-C ends this`);
    await interrupted(session);
    await served.close();
    return exitCodes.ok;
  },
};

function hasManager(id: string, url: string | null): PolyphaseError {
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
