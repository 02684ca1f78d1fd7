import type { Started } from "../background.ts";
import { pageUrl } from "../started-text.ts";

const rule = "-".repeat(80);

const nextCommands = [
  ["nnictl experiment show", "how the experiment stands"],
  ["nnictl trial ls", "its trial jobs"],
  ["nnictl top", "all running experiments, again and again"],
  ["nnictl log stdout", "the manager's log"],
  ["nnictl log stderr", "what the manager printed, if anything"],
  ["nnictl trial kill", "cancel a trial job"],
  ["nnictl stop", "stop the experiment"],
  ["nnictl --help", "all commands"],
] as const;

/** What NNI says of an experiment that it has started. */
export function banner(experiment: Pick<Started, "id" | "publicUrl" | "token">): string {
  return [
    rule,
    `The experiment id is ${experiment.id}`,
    `The Web UI urls are: ${pageUrl(experiment)}`,
    rule,
    "",
    "What next:",
    rule,
    ...nextCommands.map(([command, purpose], place) => `${place + 1}. ${command.padEnd(27)} ${purpose}`),
    rule,
  ].join("\n");
}
