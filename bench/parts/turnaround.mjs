// Final result sent → next parameters in hand, as a Python trial sees it, beside two bare round trips of the same client.
import { withBareServer } from "../support/bare.mjs";
import { median, quantile } from "../support/numbers.mjs";
import { floats, runExperiment } from "../support/run-experiment.mjs";

/**
 * Milliseconds per phase, and per pair of bare round trips in the same minutes: with our client's connection (`bare`), and
 * with Python's http.client (`plain`).
 */
export async function turnaround({ tuner, phases, durability = "normal" }, options = {}) {
  return withBareServer(options, async (bare) => {
    const { reports } = await runExperiment(
      {
        trial: "turnaround_trial.py",
        env: { BENCH_BARE_URL: bare },
        searchSpace: floats(10),
        tuner: { builtinTunerName: tuner, classArgs: { optimize_mode: "minimize" } },
        maxPhaseNum: phases,
        durability,
      },
      options,
    );
    const [{ phases: all, pairs, plainPairs }] = reports;
    // The first ones warm up; with a learning tuner the last ones have the longest history.
    const counted = tuner === "Random" ? all.slice(100) : all.slice(-200);
    return {
      median: 1000 * median(counted),
      p90: 1000 * quantile(counted, 0.9),
      bare: 1000 * median(pairs.slice(100)),
      plain: 1000 * median(plainPairs.slice(100)),
    };
  });
}
