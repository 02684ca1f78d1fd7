// From the end of one trial job's process to the first line of the next one, with one job at a time.
//   npm run build && node bench/launch.mjs [--quick] [--realtime]
import { barePython } from "./support/bare-python.mjs";
import { median } from "./support/numbers.mjs";
import { runAlone } from "./support/part.mjs";
import { floats, runExperiment } from "./support/run-experiment.mjs";

export const launch = {
  name: "launch",
  async measure(options) {
    const { gap, bare } = await millisecondsBetweenJobs(options.quick ? 10 : 40, options);
    return [
      {
        what: "launch: last line of a job → first line of the next",
        value: gap,
        unit: "ms",
        beside: { what: "python3 -c pass", value: bare },
        target: "<= bare + 150 ms",
        met: gap <= bare + 150,
      },
    ];
  },
};

export async function millisecondsBetweenJobs(jobs, options) {
  const before = await barePython(jobs, options);
  const { reports } = await runExperiment(
    {
      trial: "one_phase_trial.py",
      tuner: { builtinTunerName: "Random" },
      searchSpace: floats(4),
      maxTrialNum: jobs,
      seed: 1,
    },
    options,
  );
  const after = await barePython(jobs, options);
  const inOrder = reports.toSorted((one, other) => one.firstLine - other.firstLine);
  const gaps = inOrder.slice(1).map(({ firstLine }, i) => firstLine - inOrder[i].lastLine);
  return { gap: 1000 * median(gaps), bare: 1000 * ((before + after) / 2) };
}

await runAlone(import.meta.url, launch);
