// Phases per second over eight concurrent trial jobs, each a Python process that only asks and reports.
import { floats, runExperiment } from "../support/run-experiment.mjs";

const jobs = 8;

export async function throughput({ phases = 12_000, durability = "normal" } = {}, options = {}) {
  const { reports } = await runExperiment(
    {
      trial: "counting_trial.py",
      searchSpace: floats(1),
      tuner: "Random",
      trialConcurrency: jobs,
      maxTrialNum: jobs,
      maxPhaseNum: phases,
      durability,
    },
    options,
  );
  // Only the time in which all jobs are at work counts.
  const from = Math.max(...reports.map(({ ends }) => ends[0]));
  const to = Math.min(...reports.map(({ ends }) => ends.at(-1)));
  const within = reports.flatMap(({ ends }) => ends.filter((end) => end > from && end <= to));
  return { perSecond: within.length / (to - from), jobs };
}
