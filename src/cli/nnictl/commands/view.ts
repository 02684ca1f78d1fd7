import { viewCommand as view } from "../../commands/view.ts";
import { chooseExperiment } from "../choose.ts";
import { port } from "../../option-values.ts";
import type { CliCommand } from "../../session.ts";
import { defaultPort, onFreePort } from "../on-free-port.ts";

interface Options {
  readonly port: number;
}

/** NNI's goes on in the background, until `nnictl stop`. This one stays here: nothing is left to forget. */
export const viewCommand: CliCommand<Options> = {
  configure(command) {
    command
      .argument("[id]", "the experiment's id, or its beginning")
      .option("-p, --port <n>", "port to show it on; 0: any free one", port, defaultPort);
  },
  async run({ operands: [id], options, session }) {
    const { id: experimentId } = chooseExperiment(session, id);
    return onFreePort(session, options.port, () =>
      view.run({ operands: [experimentId], options: { port: options.port }, session }),
    );
  },
};
