import { Option } from "commander";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { refused, sayInfo } from "../say.ts";

/** Algorithms that need more packages in NNI. */
const names = ["SMAC", "BOHB", "PPOTuner"];

export const packageInstallCommand: CliCommand<{ readonly name: string }> = {
  configure(command) {
    command.addOption(new Option("-n, --name <name>", "the algorithm").choices(names).makeOptionMandatory());
  },
  async run({ options: { name }, session }) {
    const { builtinTunerNames } = await import("../../../manager/index.ts");
    if (!builtinTunerNames.includes(name))
      throw refused(
        `${name} is not in this version, and cannot be installed into it`,
        `built in are: ${builtinTunerNames.join(", ")}`,
      );
    sayInfo(session, `${name} is built in: nothing to install`);
    return exitCodes.ok;
  },
};

export const packageShowCommand: CliCommand = {
  configure() {},
  async run({ session }) {
    session.print(names.join(" "));
    return exitCodes.ok;
  },
};
