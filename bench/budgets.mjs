// Hyperband and BOHB beside searches with the full budget only, and beside HpBandSter's BOHB, on counting ones (Falkner et al. 2018, section 5.1):
//   npm run build && node bench/budgets.mjs [--seeds 20] [--cost 400]
// Eight choices of 0 or 1 and eight probabilities; the result is the count of ones, in which each probability is the mean of as many draws as the
// budget says. Budgets 9 to 729. Cost: evaluations with the full budget that could have been paid for. Figures: median over the seeds of the
// true regret (per dimension) of the configuration that did best with the largest budget so far.
// POLYPHASE_BENCH_HPBANDSTER names a Python that has hpbandster (pip install hpbandster 'ConfigSpace<0.5'); without it only our part is printed.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { seeded } from "../dist/model/index.js";
import { createBuiltinTuner } from "../dist/tuners/index.js";
import { quantile } from "./support/numbers.mjs";

const { values: options } = parseArgs({
  options: { seeds: { type: "string", default: "20" }, cost: { type: "string", default: "400" } },
});
const [least, most, half] = [9, 729, 8];
const costs = [10, 30, 100, 200, 400].filter((cost) => cost <= Number(options.cost));

const names = (letter) => Array.from({ length: half }, (_, i) => `${letter}${i}`);
const space = Object.fromEntries([
  ...names("c").map((name) => [name, { _type: "choice", _value: [0, 1] }]),
  ...names("p").map((name) => [name, { _type: "uniform", _value: [0, 1] }]),
]);

const contenders = {
  Random: ["Random", {}],
  TPE: ["TPE", {}],
  Hyperband: ["BOHB", { min_budget: least, max_budget: most, random_fraction: 1 }],
  BOHB: ["BOHB", { min_budget: least, max_budget: most }],
};

console.log(`counting ones, ${half} + ${half} dimensions, regret after a cost of`);
console.log(["".padEnd(20), ...costs.map((cost) => String(cost).padStart(8))].join(""));
for (const [title, [tuner, classArgs]] of Object.entries(contenders))
  print(title, await eachSeed((seed) => search(tuner, classArgs, seed)));
const python = process.env["POLYPHASE_BENCH_HPBANDSTER"];
if (python) print("HpBandSter's BOHB", await eachSeed((seed) => peer(python, seed)));

async function eachSeed(run) {
  const curves = [];
  for (let seed = 0; seed < Number(options.seeds); seed++) curves.push(await run(seed));
  return curves;
}

function print(title, curves) {
  const medians = costs.map((_, i) =>
    quantile(
      curves.map((curve) => curve[i]),
      0.5,
    ),
  );
  console.log([title.padEnd(20), ...medians.map((regret) => regret.toFixed(4).padStart(8))].join(""));
}

/** The regret at each cost. */
async function search(name, classArgs, seed) {
  const tuner = createBuiltinTuner(name, { optimizeMode: "maximize", seed, classArgs });
  await tuner.updateSearchSpace(space);
  const random = seeded(seed + 1_000_003);
  const record = incumbent();
  for (let parameterId = 0; record.cost < costs.at(-1); parameterId++) {
    const request = { trialJobId: "job", parameterIndex: parameterId };
    const { parameters } = await tuner.generateParameters(parameterId, request);
    const { TRIAL_BUDGET: budget = most, ...configuration } = parameters;
    const value = count(configuration, budget, random);
    record.add(configuration, budget, value);
    const end = { parameterId, parameters, value, outcome: "succeeded", trialJobId: "job" };
    await tuner.receiveTrialResult(end);
    await tuner.trialEnd?.(end);
  }
  return record.curve();
}

function count(configuration, budget, random) {
  let ones = names("c").reduce((sum, name) => sum + configuration[name], 0);
  for (const name of names("p")) {
    let successes = 0;
    for (let draw = 0; draw < budget; draw++) if (random.next() < configuration[name]) successes += 1;
    ones += successes / budget;
  }
  return ones;
}

/** Of what was evaluated with the largest budget that has been used, the best. */
function incumbent() {
  const seen = [];
  let best = { budget: 0, value: -Infinity, regret: 1 };
  return {
    cost: 0,
    add(configuration, budget, value) {
      this.cost += budget / most;
      const regret = 1 - Object.values(configuration).reduce((sum, each) => sum + each, 0) / (2 * half);
      if (budget > best.budget || (budget === best.budget && value > best.value))
        best = { budget, value, regret };
      seen.push([this.cost, best.regret]);
    },
    curve: () => costs.map((cost) => seen.findLast(([at]) => at <= cost)?.[1] ?? 1),
  };
}

function peer(python, seed) {
  const script = fileURLToPath(new URL("peers/hpbandster_bohb.py", import.meta.url));
  const limits = [least, most, costs.at(-1), half, seed].map(String);
  const { stdout, stderr } = spawnSync(python, [script, ...limits], { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  const record = incumbent();
  for (const [configuration, budget, value] of JSON.parse(stdout)) record.add(configuration, budget, value);
  return record.curve();
}
