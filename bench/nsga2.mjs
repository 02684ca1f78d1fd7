// NSGA2's quality and speed beside Optuna's NSGAIISampler, in one run:
//   npm run build && node bench/nsga2.mjs [--seeds 11] [--suggestions 10000] [--part quality|speed] [--args '{"population_size":30}']
// Quality: hypervolume within (1.1, 1.1) of ZDT1, ZDT2 and ZDT3 with 10 variables, medians over the seeds (25 %, 75 %). Speed: processor time for asking,
// telling and evaluating on 40 uniform parameters and on mixed10 (6 uniform, 2 loguniform, an integer, a choice).
// --polynomial: Optuna also with its polynomial mutation, which is not its default.
// Without Optuna (see support/peer-python.mjs) only our part is printed.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { createBuiltinTuner } from "../dist/tuners/index.js";
import { quantile } from "./support/numbers.mjs";
import { peerPython } from "./support/peer-python.mjs";

const { values: options } = parseArgs({
  options: {
    seeds: { type: "string", default: "11" },
    suggestions: { type: "string", default: "10000" },
    part: { type: "string" },
    polynomial: { type: "boolean", default: false },
    args: { type: "string", default: "{}" },
  },
});
const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => seed);
const suggestions = Number(options.suggestions);
const python = peerPython();
const budgets = [200, 500, 1000];

const shapes = {
  ZDT1: (f, g) => 1 - Math.sqrt(f / g),
  ZDT2: (f, g) => 1 - (f / g) ** 2,
  ZDT3: (f, g) => 1 - Math.sqrt(f / g) - (f / g) * Math.sin(10 * Math.PI * f),
};
const floats = (name, count, low, high) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${name}${i}`, { _type: "uniform", _value: [low, high] }]),
  );
const rates = Object.fromEntries(
  ["g0", "g1"].map((name) => [name, { _type: "loguniform", _value: [1e-5, 1] }]),
);
const spaces = {
  uniform40: {
    space: floats("x", 40, 0, 1),
    evaluate: (parameters) => [
      squares(Object.values(parameters), 0.3),
      squares(Object.values(parameters), 0.7),
    ],
  },
  mixed10: {
    space: {
      ...floats("f", 6, -5, 5),
      ...rates,
      k: { _type: "randint", _value: [1, 101] },
      c: { _type: "choice", _value: ["c0", "c1", "c2", "c3", "c4"] },
    },
    evaluate: ({ g0, g1, k, c, ...f }) => [
      squares(Object.values(f), 0) + Number(c[1]),
      squares([Math.log(g0), Math.log(g1)], -5) + ((k - 50) / 10) ** 2,
    ],
  },
};

if (options.part !== "speed") quality();
if (options.part !== "quality") speed();

function quality() {
  console.log(`hypervolume, 10 variables, median of ${seeds.length} seeds (25 %, 75 %)`);
  for (const [name, shape] of Object.entries(shapes)) {
    const evaluate = ({ x0, ...others }) => {
      const g = 1 + Object.values(others).reduce((sum, x) => sum + x, 0);
      return [x0, g * shape(x0, g)];
    };
    const space = floats("x", 10, 0, 1);
    report(
      name,
      "polyphase",
      seeds.map((seed) => run(space, evaluate, budgets.at(-1), seed)),
    );
    for (const mutation of options.polynomial ? [[], ["--polynomial"]] : [[]]) {
      const runs = seeds.map((seed) => peer("quality", ["--function", name, "--seed", seed, ...mutation]));
      if (runs.includes(undefined)) continue;
      const who = `optuna ${runs[0].version}${mutation.length > 0 ? ", polynomial" : ""}`;
      report(
        name,
        who,
        runs.map(({ values }) => values),
      );
    }
  }
}

function report(name, who, runs) {
  const columns = budgets.map((budget) => {
    const areas = runs.map((points) => hypervolume(points.slice(0, budget)));
    const [median, low, high] = [0.5, 0.25, 0.75].map((part) => quantile(areas, part).toFixed(3));
    return `N=${budget} ${median} (${low}, ${high})`;
  });
  console.log(`  ${name}  ${who.padEnd(24)} ${columns.join("   ")}`);
}

function hypervolume(points) {
  let area = 0;
  let height = 1.1;
  for (const [x, y] of points.toSorted((one, other) => one[0] - other[0])) {
    if (y >= height || x >= 1.1) continue;
    area += (1.1 - x) * (height - y);
    height = y;
  }
  return area;
}

function speed() {
  console.log(`${suggestions} sequential suggestions, two objectives, processor time`);
  for (const [name, { space, evaluate }] of Object.entries(spaces)) {
    const start = process.cpuUsage();
    run(space, evaluate, suggestions, 1);
    const { user, system } = process.cpuUsage(start);
    const seconds = (user + system) / 1e6;
    const found = peer("speed", ["--space", name, "--suggestions", suggestions]);
    const beside =
      found === undefined
        ? ""
        : `   optuna ${found.version} ${found.seconds.toFixed(1)} s   optuna / polyphase ${(found.seconds / seconds).toFixed(0)}`;
    console.log(`  ${name.padEnd(10)} polyphase ${seconds.toFixed(2)} s${beside}`);
  }
}

/** The values of all evaluations, in order. */
function run(space, evaluate, evaluations, seed) {
  const classArgs = { objectives: { a: "minimize", b: "minimize" }, ...JSON.parse(options.args) };
  const tuner = createBuiltinTuner("NSGA2", { optimizeMode: "minimize", seed, classArgs });
  tuner.updateSearchSpace(space);
  return Array.from({ length: evaluations }, (_, parameterId) => {
    const request = { trialJobId: "bench", parameterIndex: parameterId };
    const { parameters } = tuner.generateParameters(parameterId, request);
    const [a, b] = evaluate(parameters);
    const end = { parameterId, trialJobId: "bench", outcome: "succeeded" };
    tuner.receiveTrialResult({ ...end, parameters, value: { a, b } });
    tuner.trialEnd(end);
    return [a, b];
  });
}

function squares(values, centre) {
  return values.reduce((sum, x) => sum + (x - centre) ** 2, 0);
}

function peer(what, args) {
  if (python === undefined) return undefined;
  const script = new URL("peers/optuna_nsga2.py", import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(python, [script, what, ...args.map(String)], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status === 0) return JSON.parse(stdout);
  console.error(`the peer did not run (${python}): ${String(stderr).trim().split("\n").at(-1)}`);
  return undefined;
}
