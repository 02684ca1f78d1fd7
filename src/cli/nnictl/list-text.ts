import type { ManagerFile } from "../../manager/home.ts";
import { portOf } from "../port-of.ts";
import { nniTime } from "./nni-json.ts";

const rule = "-".repeat(88);

/** Experiments as `nnictl experiment list` shows them: one line each. */
export function listText(experiments: readonly ManagerFile[]): string {
  return [rule, " ".repeat(32) + "Experiment information", ...experiments.map(line), rule].join("\n");
}

function line(experiment: ManagerFile): string {
  const { id, name, status, platform, createdAt, endedAt } = experiment;
  const facts = [
    ["Id", id],
    ["Name", name],
    ["Status", status],
    ["Port", portOf(experiment) ?? "N/A"],
    ["Platform", platform],
    ["StartTime", nniTime(createdAt)],
    ["EndTime", endedAt === null ? "N/A" : nniTime(endedAt)],
  ] as const;
  return facts.map(([title, value]) => `${title}: ${value}`).join("    ");
}
