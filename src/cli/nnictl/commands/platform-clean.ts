import type { CliCommand } from "../../session.ts";
import { refused } from "../say.ts";

export const platformCleanCommand: CliCommand<{ readonly config: string }> = {
  configure(command) {
    command.requiredOption("-c, --config <file>", "the experiment's config");
  },
  async run() {
    throw refused(
      "Nothing to clean: in this version trial jobs run on this machine only",
      "polyphase delete ID removes an experiment with all that its trial jobs have written",
    );
  },
};
