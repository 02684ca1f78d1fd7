// Final result sent → next parameters in hand, as a Python trial sees it, beside two bare round trips of the same client.
import { fileURLToPath } from "node:url";
import { withBareServer } from "../support/bare.mjs";
import { median, quantile } from "../support/numbers.mjs";
import { floats, runExperiment } from "../support/run-experiment.mjs";

/** Of a built-in tuner by name; `python`: of a class of a user's own in Python. */
function sectionOf(tuner) {
  const classArgs = { optimize_mode: "minimize" };
  if (tuner !== "python") return { builtinTunerName: tuner, classArgs };
  const codeDir = fileURLToPath(new URL("../python", import.meta.url));
  return { codeDir, classFileName: "random_tuner.py", className: "RandomTuner", classArgs };
}

/**
 * Milliseconds per phase after `warmUp` of them, and per pair of bare round trips in the same minutes: with our client's
 * connection (`bare`), and with Python's http.client (`plain`). `early`: per phase among the first 500, when the manager's
 * code is not compiled yet.
 */
export async function turnaround({ tuner, phases, warmUp, durability = "normal" }, options = {}) {
  return withBareServer(options, async (bare) => {
    const { reports } = await runExperiment(
      {
        trial: "turnaround_trial.py",
        env: { BENCH_BARE_URL: bare },
        searchSpace: floats(10),
        tuner: sectionOf(tuner),
        maxPhaseNum: phases,
        durability,
      },
      options,
    );
    const [{ phases: all, pairs, plainPairs }] = reports;
    const counted = all.slice(warmUp);
    return {
      median: 1000 * median(counted),
      p90: 1000 * quantile(counted, 0.9),
      early: 1000 * median(all.slice(0, 500)),
      bare: 1000 * median(pairs.slice(warmUp)),
      plain: 1000 * median(plainPairs.slice(warmUp)),
    };
  });
}
