// One experiment of many phases: the manager's memory, and whether the last phases cost more than the first.
import { floats, runExperiment } from "../support/run-experiment.mjs";

const jobs = 4;

export async function memory({ phases = 100_000 } = {}, options = {}) {
  const { reports, peakRssMiB, seconds } = await runExperiment(
    {
      trial: "counting_trial.py",
      searchSpace: floats(10),
      tuner: "Random",
      trialConcurrency: jobs,
      maxTrialNum: jobs,
      maxPhaseNum: phases,
    },
    options,
  );
  const ends = reports.flatMap((report) => report.ends).sort((one, other) => one - other);
  const tenth = Math.floor(ends.length / 10);
  const first = tenth / (ends[tenth] - ends[0]);
  const last = tenth / (ends.at(-1) - ends.at(-1 - tenth));
  return { peakRssMiB, seconds, phases, firstTenth: first, lastTenth: last };
}
