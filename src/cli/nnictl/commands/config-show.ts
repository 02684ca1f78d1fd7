import { parse } from "yaml";
import type { ManagerFile } from "../../../manager/home.ts";
import { readToken } from "../../../manager/home.ts";
import { directoryOf } from "../../experiments.ts";
import type { CliCommand, Session } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { variableFor } from "../../commands/clone.ts";
import { portOf } from "../../port-of.ts";
import { pageUrl } from "../../started-text.ts";
import { chooseExperiment, idArgument } from "../choose.ts";
import { nniJson } from "../nni-json.ts";

/** The config is that of now. Where it has a secret, `${env:NAME}` stands for it. */
export const configShowCommand: CliCommand = {
  configure: (command) => void idArgument(command),
  async run({ operands: [id], session }) {
    const experiment = chooseExperiment(session, id);
    const [{ readState }, { configText }] = await Promise.all([
      import("../../../manager/remains.ts"),
      import("../../../config/index.ts"),
    ]);
    const { config } = readState(directoryOf(session, experiment));
    const experimentConfig: unknown = parse(configText(config, { variableOf: variableFor }));
    session.print(
      nniJson({
        experimentConfig,
        experimentId: experiment.id,
        restServerPid: experiment.alive ? experiment.pid : null,
        restServerPort: portOf(experiment) ?? null,
        webuiUrl: webuiUrls(session, experiment),
      }),
    );
    return exitCodes.ok;
  },
};

function webuiUrls(session: Session, experiment: ManagerFile): readonly string[] {
  const { publicUrl } = experiment;
  if (publicUrl === null) return [];
  return [pageUrl({ publicUrl, token: readToken(directoryOf(session, experiment)) })];
}
