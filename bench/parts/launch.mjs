// How long a trial job takes to be followed by the next, and an experiment to begin, beside a bare Python process.
import { spawnSync } from "node:child_process";
import { median } from "../support/numbers.mjs";
import { floats, monotonic, runExperiment, scheduled } from "../support/run-experiment.mjs";

/** Milliseconds: end of one process → first line of the next; `polyphase run` → first phase in hand; `python3 -c pass`. */
export async function launch({ jobs = 20 } = {}, options = {}) {
  const { reports, startedAt } = await runExperiment(
    {
      trial: "one_phase_trial.py",
      searchSpace: floats(1),
      tuner: "Random",
      maxTrialNum: jobs,
      multiPhase: false,
    },
    options,
  );
  const inOrder = reports.sort((one, other) => one.firstLine - other.firstLine);
  const gaps = inOrder.slice(1).map((report, index) => report.firstLine - inOrder[index].lastLine);
  return {
    next: 1000 * median(gaps),
    start: 1000 * (inOrder[0].inHand - startedAt),
    bare: 1000 * median(Array.from({ length: jobs }, () => barePython(options))),
  };
}

function barePython(options) {
  const [command, ...args] = scheduled(["python3", "-c", "pass"], options);
  const start = monotonic();
  spawnSync(command, args);
  return monotonic() - start;
}
