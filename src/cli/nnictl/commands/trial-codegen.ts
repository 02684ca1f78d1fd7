import type { CliCommand } from "../../session.ts";
import { idArgument } from "../choose.ts";
import { refused } from "../say.ts";

export const trialCodegenCommand: CliCommand<{ readonly trial_id: string }> = {
  configure(command) {
    idArgument(command).requiredOption("-T, --trial_id <id>", "the trial job");
  },
  async run({ operands: [id = "ID"] }) {
    throw refused(
      "Code cannot be made from annotations in this version",
      `the parameters of every phase: polyphase phase list ${id}`,
    );
  },
};
