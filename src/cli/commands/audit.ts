import type { DeedView } from "../../model/http.ts";
import { experimentArgument, withExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { table } from "../terminal/table.ts";
import { time } from "../terminal/words.ts";

export const auditCommand: CliCommand<{ readonly json?: true }> = {
  configure(command) {
    experimentArgument(command);
  },
  async run({ operands: [id], options, session }) {
    return withExperiment(session, id, async (client) => {
      const deeds: DeedView[] = [];
      for await (const deed of client.allDeeds({ limit: 1_000 })) deeds.push(deed);
      const { stdout } = session.io;
      if (options.json === true) session.printJson(deeds);
      else if (deeds.length === 0) session.print("nobody has changed anything yet");
      else session.print(listing(deeds, stdout.isTTY === true ? stdout.columns : undefined));
      return exitCodes.ok;
    });
  },
};

function listing(deeds: readonly DeedView[], width: number | undefined): string {
  const columns = ["When", "Who", "What", "Details"].map((title) => ({ title }));
  const rows = deeds.map(({ at, by, action, details }) => [time(at), who(by), action, detailText(details)]);
  return table(columns, rows, width);
}

/** `admin from 127.0.0.1 (polyphase/0.1.0)` */
function who({ token, address, agent }: DeedView["by"]): string {
  return `${token}${address === null ? "" : ` from ${address}`}${agent === null ? "" : ` (${agent})`}`;
}

/** `reason: lunch, maxPhaseNum: 9` */
function detailText(details: unknown): string {
  return Object.entries(details as object)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
