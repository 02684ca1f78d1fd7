// Phases per second of eight Python trial jobs at once, which do nothing but ask and report.
//   npm run build && node bench/throughput.mjs [--quick] [--realtime]
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { withBareServer } from "./support/bare.mjs";
import { runAlone } from "./support/part.mjs";
import { floats, runExperiment, scheduled } from "./support/run-experiment.mjs";

const jobs = 8;
const dimensions = 4;

export const throughput = {
  name: "throughput",
  async measure(options) {
    const { rate, bare } = await phasesPerSecond(options.quick ? 4_000 : 20_000, options);
    return [
      {
        what: `throughput, ${jobs} Python jobs, Random`,
        value: rate,
        unit: "phases/s",
        beside: { what: "the same jobs, bare pairs of round trips", value: bare, unit: "/s" },
        target: ">= 1500 phases/s",
        met: rate >= 1500,
      },
    ];
  },
};

/** While all eight run; and what a bare server would serve to as many of the same client. */
export async function phasesPerSecond(phases, options) {
  const { reports } = await runExperiment(
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
  const from = Math.max(...reports.map(({ ends }) => ends[0]));
  const until = Math.min(...reports.map(({ ends }) => ends.at(-1)));
  const within = reports.flatMap(({ ends }) => ends).filter((end) => end > from && end <= until).length;
  return { rate: within / (until - from), bare: await barePairsPerSecond(2, options) };
}

async function barePairsPerSecond(seconds, options) {
  return withBareServer(options, async (url) => {
    const counts = await Promise.all(Array.from({ length: jobs }, () => countPairs(url, seconds, options)));
    return counts.reduce((sum, count) => sum + count, 0) / seconds;
  });
}

function countPairs(url, seconds, options) {
  const script = fileURLToPath(new URL("python/bare_counting.py", import.meta.url));
  const PYTHONPATH = fileURLToPath(new URL("../python", import.meta.url));
  const [command, ...args] = scheduled(["python3", script, String(seconds), String(dimensions)], options);
  const env = { ...process.env, PYTHONPATH, BENCH_BARE_URL: url };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.on("error", reject);
    child.on("close", () => resolve(Number(output)));
  });
}

await runAlone(import.meta.url, throughput);
