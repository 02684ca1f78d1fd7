// TPE's quality on four functions, as medians over seeds:
//   npm run build && node bench/tpe-quality.mjs [--seeds 40] [--function Branin] [--tuner TPE] [--concurrency 1]
// Beside each median stands the worst that is accepted: the 75 % quartile that Optuna 5 reached, or 1.5 times its regret.
import { parseArgs } from "node:util";
import { createBuiltinTuner } from "../dist/tuners/index.js";
import { functions } from "./functions.mjs";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "40" },
    function: { type: "string" },
    tuner: { type: "string", default: "TPE" },
    concurrency: { type: "string", default: "1" },
    "first-seed": { type: "string", default: "0" },
    args: { type: "string", default: "{}" },
  },
});
const seeds = Number(values.seeds);
const concurrency = Number(values.concurrency);

/** Optuna 5 (default; group for Cond), 20 seeds: [median, 75 %] of the best value after so many evaluations. */
const peer = {
  Branin: { 20: [1.615, 2.333], 50: [0.5074, 0.5865], 100: [0.4167, 0.428], 200: [0.4009, 0.4031] },
  Hartmann6: { 20: [-2.066, -1.595], 50: [-2.992, -2.828], 100: [-3.228, -3.146], 200: [-3.292, -3.281] },
  Mixed6: { 20: [0.6582, 0.9739], 50: [0.3334, 0.5072], 100: [0.1844, 0.418], 200: [0.02645, 0.1767] },
  Cond: { 20: [0.3153, 0.4224], 50: [0.2013, 0.2401], 100: [0.005173, 0.2], 200: [0.0001297, 0.2] },
};
const checkpoints = [20, 50, 100, 200];

let failures = 0;
console.log(`${values.tuner}, ${seeds} seeds, concurrency ${concurrency}: median (25 %, 75 %)   [accepted]`);
for (const [name, { space, evaluate, optimum }] of Object.entries(functions)) {
  if (values.function !== undefined && values.function !== name) continue;
  const start = performance.now();
  const runs = Array.from({ length: seeds }, (_, i) =>
    run(space, evaluate, Number(values["first-seed"]) + i),
  );
  console.log(`${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  for (const count of checkpoints)
    report(
      name,
      count,
      runs.map((best) => best[count - 1]),
      optimum,
    );
}
process.exitCode = failures === 0 ? 0 : 1;

function report(name, count, bests, optimum) {
  const sorted = bests.toSorted((one, other) => one - other);
  const [median, quartile] = peer[name][count];
  const accepted = Math.max(quartile, optimum + 1.5 * (median - optimum));
  const own = quantile(sorted, 0.5);
  const compared = concurrency === 1 && values.tuner === "TPE";
  const verdict = !compared ? "" : own <= accepted ? (own <= median ? "better" : "ok") : "WORSE";
  if (verdict === "WORSE") failures += 1;
  const text = [own, quantile(sorted, 0.25), quantile(sorted, 0.75)].map((value) => value.toPrecision(4));
  console.log(
    `  N=${String(count).padEnd(4)} ${text[0]} (${text[1]}, ${text[2]})`.padEnd(44) +
      `[${accepted.toPrecision(4)}; Optuna's median ${median}] ${verdict}`,
  );
}

/** Best value so far after each evaluation. With concurrency, phases end in the order in which they began. */
function run(space, evaluate, seed) {
  const tuner = createBuiltinTuner(values.tuner, {
    optimizeMode: "minimize",
    seed,
    classArgs: JSON.parse(values.args),
  });
  tuner.updateSearchSpace(space);
  const best = [];
  const open = [];
  const last = checkpoints.at(-1);
  for (let id = 0; best.length < last; id++) {
    const { parameters } = tuner.generateParameters(id, {
      trialJobId: `job${id % concurrency}`,
      parameterIndex: id,
    });
    open.push({ parameterId: id, parameters, trialJobId: `job${id % concurrency}`, outcome: "succeeded" });
    if (open.length < concurrency) continue;
    const phase = open.shift();
    const value = evaluate(phase.parameters);
    best.push(Math.min(best.at(-1) ?? Infinity, value));
    tuner.receiveTrialResult({ ...phase, value });
    tuner.trialEnd?.(phase);
  }
  return best;
}

function quantile(sorted, part) {
  const at = part * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}
