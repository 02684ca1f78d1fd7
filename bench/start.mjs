// From `polyphase run` to the first phase in a trial's hands.
//   npm run build && node bench/start.mjs [--quick] [--realtime]
import { barePython } from "./support/bare-python.mjs";
import { median } from "./support/numbers.mjs";
import { runAlone } from "./support/part.mjs";
import { floats, runExperiment } from "./support/run-experiment.mjs";

export const start = {
  name: "start",
  async measure(options) {
    const seconds = await secondsToFirstPhase(options.quick ? 3 : 10, options);
    return [
      {
        what: "start: polyphase run → first phase in a trial's hands",
        value: seconds,
        unit: "s",
        beside: { what: "python3 -c pass", value: await barePython(10, options) },
        target: "<= 1 s",
        met: seconds <= 1,
      },
    ];
  },
};

/** The median of so many starts. */
export async function secondsToFirstPhase(starts, options) {
  const seconds = [];
  for (let i = 0; i < starts; i++) {
    const { startedAt, reports } = await runExperiment(
      {
        trial: "one_phase_trial.py",
        tuner: { builtinTunerName: "TPE" },
        searchSpace: floats(4),
        maxTrialNum: 1,
        seed: 1,
      },
      options,
    );
    seconds.push(reports[0].inHand - startedAt);
  }
  return median(seconds);
}

await runAlone(import.meta.url, start);
