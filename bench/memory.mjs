// A long experiment: the manager's memory, and whether late phases take longer than early ones.
//   npm run build && node bench/memory.mjs [--quick] [--realtime]
import { runAlone } from "./support/part.mjs";
import { floats, runExperiment } from "./support/run-experiment.mjs";

const jobs = 4;
const dimensions = 10;

/** Phases before the first tenth is timed: compilers are warm then. */
const warmUp = 1_000;

export const memory = {
  name: "memory",
  async measure(options) {
    const phases = options.quick ? 20_000 : 100_000;
    const tenth = phases / 10;
    const { peakRssMiB, first, last } = await longRun(phases, options);
    return [
      {
        what: `memory: manager after ${phases} phases of ${dimensions} parameters, peak`,
        value: peakRssMiB,
        unit: "MiB",
        target: "< 600 MB",
        met: peakRssMiB * 1.048576 < 600,
      },
      {
        what: `memory: ms per phase, last ${tenth} phases`,
        value: last,
        unit: "ms",
        beside: { what: `first ${tenth} after ${warmUp}`, value: first },
        target: "<= 1.25 x first",
        met: last <= 1.25 * first,
      },
    ];
  },
};

/** Peak memory of the manager, and milliseconds per phase in the first and in the last tenth. */
export async function longRun(phases, options) {
  const { peakRssMiB, reports } = await runExperiment(
    {
      trial: "counting_trial.py",
      tuner: { builtinTunerName: "Random" },
      searchSpace: floats(dimensions),
      trialConcurrency: jobs,
      maxTrialNum: jobs,
      maxPhaseNum: phases,
      seed: 1,
    },
    options,
  );
  const ends = reports.flatMap((report) => report.ends).toSorted((one, other) => one - other);
  const tenth = phases / 10;
  const pace = (from) => (1000 * (ends[from + tenth - 1] - ends[from])) / (tenth - 1);
  return { peakRssMiB, first: pace(warmUp), last: pace(ends.length - tenth) };
}

await runAlone(import.meta.url, memory);
