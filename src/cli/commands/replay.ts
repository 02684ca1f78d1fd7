import type { Replay, ReplayDifference } from "../../manager/index.ts";
import { directoryOf, experimentArgument, selectExperiment } from "../experiments.ts";
import { createCounter } from "../progress/counter.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import type { Style } from "../terminal/style.ts";
import { facts } from "../terminal/table.ts";
import { count, plural } from "../terminal/words.ts";

export const replayCommand: CliCommand<{ readonly json?: true }> = {
  configure(command) {
    experimentArgument(command);
  },
  async run({ operands: [id], options, session }) {
    const experiment = selectExperiment(session, id);
    const { replayExperiment } = await import("../../manager/index.ts");
    const counter = createCounter(session.io, "proposals");
    const replay = await replayExperiment(directoryOf(session, experiment), counter.update).finally(
      counter.end,
    );
    if (options.json === true) session.printJson({ id: experiment.id, ...replay });
    else session.print(replayText(replay, session.style));
    return replay.first === null ? exitCodes.ok : exitCodes.failure;
  },
};

function replayText({ same, different, byPeople, first }: Replay, style: Style): string {
  const people = byPeople === 0 ? "" : `; ${count(byPeople)} added by people, not compared`;
  if (first === null) return `${style.good("the same")}: ${plural(same, "proposal")}${people}`;
  const verdict = `${style.bad("different")}: ${count(different)} of ${plural(same + different, "proposal")}${people}`;
  return `${verdict}\n${differenceText(first)}`;
}

function differenceText({ parameterId, trialJobId, parameterIndex, seq, ...both }: ReplayDifference): string {
  const { recorded, derived } = both;
  return facts([
    ["first", `phase ${parameterId} (trial job ${trialJobId}, its phase ${parameterIndex})`],
    ["journal", `record ${seq}`],
    ["recorded", JSON.stringify(recorded)],
    ["now", derived.kind === "parameters" ? JSON.stringify(derived.parameters) : derived.kind],
  ]);
}
