// How fast the tuners suggest, ours beside the peers', in one run:
//   npm run build && node bench/speed.mjs [--only TPE,CmaEs] [--spaces uniform40,mixed10] [--suggestions 1000] [--rounds 3] [--limit 60]
//     [--no-history] [--write]
// Sequential ask and tell, the evaluation not counted. Where one is not done after --limit seconds, both are compared at the number of
// suggestions that it made. The second part is the cost of one suggestion of TPE by the number of results it has learnt from.
// --write puts the table into bench/results/speed.md and the picture into docs/images.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { seeded } from "../dist/model/index.js";
import { flatten, parseSearchSpace, samplePoint, toParameters } from "../dist/space/index.js";
import { builtinTunerNames, createBuiltinTuner } from "../dist/tuners/index.js";
import { peerContender } from "./support/contenders.mjs";
import { load, machine } from "./support/machine.mjs";
import { median, short } from "./support/numbers.mjs";
import { peerPython } from "./support/peer-python.mjs";
import { regretCurves } from "./support/svg.mjs";

const pairs = [
  { tuner: "TPE", peer: "optuna-tpe", suggestions: 1_000 },
  { tuner: "GPTuner", peer: "optuna-gp", suggestions: 300 },
  { tuner: "SMAC", peer: "smac3", suggestions: 200 },
  { tuner: "CmaEs", peer: "optuna-cmaes", suggestions: 10_000 },
  { tuner: "NSGA2", peer: "optuna-nsga2", suggestions: 10_000 },
];

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    spaces: { type: "string", default: "uniform40,mixed10" },
    suggestions: { type: "string" },
    rounds: { type: "string", default: "3" },
    limit: { type: "string", default: "60" },
    "no-history": { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

const spec = (type, ...values) => ({ _type: type, _value: values });
const many = (count, letter, one) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${letter}${i}`, one]));

/** The same functions as in bench/peers/objectives.py. */
const tasks = {
  uniform40: {
    space: many(40, "x", spec("uniform", 0, 1)),
    loss: (parameters) => Object.values(parameters).reduce((sum, value) => sum + (value - 0.3) ** 2, 0),
  },
  mixed10: {
    space: {
      ...many(6, "f", spec("uniform", -5, 5)),
      ...many(2, "g", spec("loguniform", 1e-5, 1)),
      k: spec("randint", 1, 101),
      c: spec("choice", "c0", "c1", "c2", "c3", "c4"),
    },
    loss({ g0, g1, k, c, ...rest }) {
      const smooth = Object.values(rest).reduce((sum, value) => sum + value ** 2, 0);
      const rates = (Math.log(g0) + 5) ** 2 + (Math.log(g1) + 5) ** 2;
      return smooth + rates + ((k - 50) / 10) ** 2 + Number(c[1]);
    },
  },
};

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const today = new Date().toISOString().slice(0, 10);
const pairsFound = [];
const wanted = options.only?.split(",") ?? pairs.map(({ tuner }) => tuner);
for (const pair of pairs.filter(({ tuner }) => wanted.includes(tuner) && builtinTunerNames.includes(tuner)))
  for (const objective of options.spaces.split(",")) pairsFound.push(compared(pair, objective));
const history = options["no-history"] ? undefined : growth();
if (options.write) write();

function compared({ tuner, peer, suggestions: usual }, objective) {
  const suggestions = Number(options.suggestions ?? usual);
  const [ours, theirs] = [[], []];
  for (let seed = 1; seed <= Number(options.rounds); seed++) {
    ours.push(runOurs(tuner, { objective, suggestions, seed }));
    const run = runPeer(peer, { objective, suggestions, seed });
    if (run !== undefined) theirs.push(run);
  }
  const count = Math.min(...[...ours, ...theirs].map(({ times }) => times.length));
  const row = { tuner, peer, objective, date: today, load: load(), asked: suggestions, count };
  row.ours = figuresOf(ours, count);
  if (theirs.length > 0) {
    row.theirs = { version: theirs[0].version, ...figuresOf(theirs, count) };
    row.ratio = row.theirs.seconds / row.ours.seconds;
    row.cpuRatio = row.theirs.cpu / row.ours.cpu;
  }
  console.log(lineOf(row));
  return row;
}

/** The quickest run's first `count` suggestions. `last` is a mean, as some plan several at once and then only hand them out. */
function figuresOf(runs, count) {
  const seconds = ({ times }) => times.slice(0, count).reduce((sum, time) => sum + time, 0) / 1000;
  const best = runs.reduce((one, other) => (seconds(other) < seconds(one) ? other : one));
  const tenth = Math.max(1, Math.floor(count / 10));
  const last = best.times.slice(count - tenth, count);
  return {
    seconds: seconds(best),
    cpu: best.cpus[count - 1],
    median: median(best.times),
    last: median(last),
  };
}

function lineOf({ tuner, peer, objective, asked, count, ours, theirs, ratio, cpuRatio }) {
  const timesOf = ({ seconds, last }) => `${short(seconds)} s, last tenth ${short(last)} ms each`;
  const stopped = count < asked ? ` (of ${asked}, time was up)` : "";
  const own = `${tuner} ${objective}: ${count} suggestions${stopped} in ${timesOf(ours)}`;
  if (theirs === undefined) return `${own}; ${peer} is not installed`;
  const beside = `${own}; ${peer} (${theirs.version}) ${timesOf(theirs)}`;
  return `${beside}; peer / ours ${short(ratio)}, in CPU time ${short(cpuRatio)}`;
}

function runOurs(name, { objective, suggestions, seed, history = [] }) {
  const { space, loss } = tasks[objective];
  const tuner = createBuiltinTuner(name, { optimizeMode: "minimize", seed, classArgs: {} });
  tuner.updateSearchSpace(parseSearchSpace(space));
  const trialJobId = "bench";
  const tell = (parameterId, parameters, value) => {
    tuner.receiveTrialResult({ parameterId, parameters, value, outcome: "succeeded", trialJobId });
    tuner.trialEnd?.({ parameterId, outcome: "succeeded", trialJobId });
  };
  history.forEach(([parameters, value], parameterId) => {
    tuner.recallParameters({ parameterId, parameters, trialJobId, parameterIndex: parameterId });
    tell(parameterId, parameters, value);
  });
  const [times, cpus] = [[], []];
  const busy = process.cpuUsage();
  const until = performance.now() + 1000 * Number(options.limit);
  for (let id = history.length; times.length < suggestions && performance.now() < until; id++) {
    const before = performance.now();
    const { parameters } = tuner.generateParameters(id, { trialJobId, parameterIndex: id });
    const between = performance.now();
    const value = loss(parameters);
    const after = performance.now();
    tell(id, parameters, value);
    times.push(between - before + performance.now() - after);
    const { user, system } = process.cpuUsage(busy);
    cpus.push((user + system) / 1e6);
  }
  return { times, cpus };
}

/** The peer runs as its authors would run it: without settings that hold its linear algebra back. */
function runPeer(name, { objective, suggestions, seed, history = [] }) {
  const { script, settings, needs } = peerContender(name);
  const python = peerPython(needs);
  if (python === undefined) return undefined;
  const peer = script.replace(".py", "");
  const limit = Number(options.limit);
  const { space } = tasks[objective];
  const input = JSON.stringify({ peer, objective, space, settings, suggestions, seed, limit, history });
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...env } = process.env;
  const program = path("bench/peers/speed.py");
  const { status, stdout, stderr } = spawnSync(python, [program], {
    encoding: "utf8",
    env,
    input,
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return JSON.parse(stdout);
  console.error(`${name} did not run: ${String(stderr).trim().split("\n").at(-1)}`);
  return undefined;
}

/** CPU milliseconds of each suggestion. */
function cpuTimes({ cpus } = { cpus: [NaN] }) {
  return cpus.map((cpu, i) => 1000 * (cpu - (cpus[i - 1] ?? 0)));
}

/** CPU milliseconds of one suggestion by the number of results, and by which power of it they grow from 1,000 to 10,000. */
function growth() {
  const counts = [100, 300, 1_000, 3_000, 10_000];
  const { space, loss } = tasks.mixed10;
  const flat = flatten(parseSearchSpace(space));
  const random = seeded(12_345);
  const rows = Array.from({ length: counts.at(-1) }, () => {
    const parameters = toParameters(flat, samplePoint(flat, random));
    return [parameters, loss(parameters)];
  });
  const costs = (run, name, suggestions) =>
    counts.map((count) => {
      const task = { objective: "mixed10", suggestions, seed: 1, history: rows.slice(0, count) };
      return [count, median(cpuTimes(run(name, task)))];
    });
  const series = [
    { name: "TPE", points: costs(runOurs, "TPE", 100) },
    { name: "optuna-tpe", points: costs(runPeer, "optuna-tpe", 20) },
  ].filter(({ points }) => points.every(([, cost]) => Number.isFinite(cost)));
  const at = Object.fromEntries(series[0].points);
  const exponent = Math.log10(at[10_000] / at[1_000]);
  // n log n would be 1.125 here; the rest is for a busy machine.
  const holds = exponent <= 1.2;
  for (const { name, points } of series)
    console.log(
      `${name} mixed10, CPU ms per suggestion: ${points.map(([n, ms]) => `${short(ms)} after ${n}`).join(", ")}`,
    );
  console.log(
    `TPE's cost grows with the power ${exponent.toFixed(2)} of the results (at most 1.2): ${holds ? "pass" : "FAIL"}`,
  );
  if (!holds) process.exitCode = 1;
  return { date: today, load: load(), series, exponent, holds };
}

/** What is not measured in this call stays as it was. */
function write() {
  const file = path("bench/results/speed.json");
  const before = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { pairs: [] };
  const kept = before.pairs.filter((one) => !pairsFound.some((other) => isSame(one, other)));
  const order = ({ tuner }) => pairs.findIndex((pair) => pair.tuner === tuner);
  const all = [...pairsFound, ...kept].toSorted((one, other) => order(one) - order(other));
  const found = { machine: machine(), pairs: all, history: history ?? before.history };
  for (const folder of ["bench/results", "docs/images"]) mkdirSync(path(folder), { recursive: true });
  writeFileSync(file, `${JSON.stringify(found, null, 1)}\n`);
  writeFileSync(path("bench/results/speed.md"), markdown(found));
  if (found.history === undefined) return;
  const panel = { title: "TPE, ten mixed parameters", logX: true, curves: found.history.series };
  writeFileSync(
    path("docs/images/tpe-cost.svg"),
    regretCurves([panel], { x: "results so far", y: "CPU ms a suggestion" }),
  );
}

function isSame(one, other) {
  return one.tuner === other.tuner && one.objective === other.objective;
}

function markdown(found) {
  const { machine: on } = found;
  const timesOf = ({ seconds, median: half, last }) =>
    `${short(seconds)} s (${short(half)}, ${short(last)} ms)`;
  const cells = ({ tuner, objective, asked, count, ours, peer, theirs, ratio, cpuRatio, ...when }) => [
    tuner,
    objective,
    count < asked ? `${count} of ${asked}` : count,
    timesOf(ours),
    ...(theirs === undefined
      ? ["", "", ""]
      : [`${peer} (${theirs.version}): ${timesOf(theirs)}`, short(ratio), short(cpuRatio)]),
    `${when.date}, load ${when.load}`,
  ];
  const lines = [
    "# Speed of the tuners",
    "",
    `Written by \`node bench/speed.mjs --write\`, ${on.cores} cores of ${on.cpu}, Node ${on.node}.`,
    "Sequential ask and tell, the evaluation not counted; in brackets the median suggestion, and the mean of the last tenth. Where time was up, both are",
    "compared at the number of suggestions that were made.",
    "",
    "| tuner | space | suggestions | ours | peer | peer / ours | in CPU time | when |",
    "|---|---|--:|--:|--:|--:|--:|---|",
    ...found.pairs.map((pair) => `| ${cells(pair).join(" | ")} |`),
  ];
  if (found.history !== undefined) {
    const { series, exponent, ...when } = found.history;
    const [{ points }] = series;
    lines.push("", "One suggestion by the number of results, ten mixed parameters, CPU ms:", "");
    lines.push(
      `| | ${points.map(([count]) => count).join(" | ")} |`,
      `|---|${points.map(() => "--:|").join("")}`,
    );
    for (const { name, points: own } of series)
      lines.push(`| ${name} | ${own.map(([, ms]) => short(ms)).join(" | ")} |`);
    lines.push(
      "",
      `From 1,000 to 10,000 results TPE's cost grows with their power ${exponent.toFixed(2)} (${when.date}, load ${when.load}).`,
    );
  }
  return `${lines.join("\n")}\n`;
}
