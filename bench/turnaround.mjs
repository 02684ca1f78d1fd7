// Phase turnaround as a Python trial sees it: the final result is sent → the next parameters are in hand.
//   npm run build && node bench/turnaround.mjs [--quick] [--realtime]
import { withBareServer } from "./support/bare.mjs";
import { median, quantile } from "./support/numbers.mjs";
import { runAlone } from "./support/part.mjs";
import { floats, runExperiment } from "./support/run-experiment.mjs";

/** Phases before measuring starts: compilers and caches are warm then. */
const warmUp = 200;
const historyOfTpe = 1_000;

export const turnaround = {
  name: "turnaround",
  async measure(options) {
    const phases = options.quick ? 600 : 2_400;
    return [
      ...(await randomRows("normal", phases, options)),
      ...(await randomRows("full", phases, options)),
      ...(await tpeRows(10, options)),
      ...(await tpeRows(40, options)),
    ];
  },
};

/** Random's turnaround beside two bare round trips that the same trial makes in between. */
export async function randomRows(durability, phases, options) {
  const { turnarounds, pairs } = await timed({ tuner: "Random", durability, phases, dimensions: 4 }, options);
  const own = 1000 * median(turnarounds.slice(warmUp));
  const bare = 1000 * median(pairs.slice(warmUp));
  const row = (what, value, more) => ({ what: `turnaround, Random, ${durability}: ${what}`, value, ...more });
  const strict = durability === "normal"; // an fsync for each commit costs what the disk takes
  return [
    row("median", own, {
      unit: "ms",
      beside: { what: "two bare round trips", value: bare },
      target: strict ? "<= 2 x bare" : null,
      met: strict ? own <= 2 * bare : null,
    }),
    row("ratio", own / bare, { unit: "x", target: null, met: null }),
    row("slowest of a hundred", 1000 * quantile(turnarounds.slice(warmUp), 0.99), {
      unit: "ms",
      beside: { what: "bare", value: 1000 * quantile(pairs.slice(warmUp), 0.99) },
      target: null,
      met: null,
    }),
  ];
}

/** TPE's turnaround with a thousand results behind it. */
async function tpeRows(dimensions, options) {
  const phases = historyOfTpe + (options.quick ? 100 : 400);
  const { turnarounds } = await timed({ tuner: "TPE", durability: "normal", phases, dimensions }, options);
  const own = 1000 * median(turnarounds.slice(historyOfTpe));
  return [
    {
      what: `turnaround, TPE, ${dimensions} parameters, ${historyOfTpe} results: median`,
      value: own,
      unit: "ms",
      target: "<= 4 ms",
      met: own <= 4,
    },
  ];
}

async function timed({ tuner, durability, phases, dimensions }, options) {
  return withBareServer(options, async (url) => {
    const { reports } = await runExperiment(
      {
        trial: "turnaround_trial.py",
        env: { BENCH_BARE_URL: url },
        tuner: { builtinTunerName: tuner, classArgs: { optimize_mode: "minimize" } },
        searchSpace: floats(dimensions),
        maxTrialNum: 1,
        maxPhaseNum: phases,
        durability,
        seed: 1,
      },
      options,
    );
    return { turnarounds: reports[0].phases, pairs: reports[0].pairs };
  });
}

await runAlone(import.meta.url, turnaround);
