// How good the tuners are, ours beside the peers', in one run:
//   npm run build && node bench/quality.mjs [--tuners TPE,CmaEs] [--peers optuna-tpe,smac3:5] [--problems first,yahpo/] [--seeds 20]
//     [--budgets 50,100,200] [--concurrency 1,10] [--jobs 2] [--variant 'TPE-30=TPE {"n_startup_trials":30}'] [--fresh] [--write]
//     [--adopt] [--report-only] [--results quality]
// --adopt: the tuner's sources have changed, its proposals perhaps not. Each problem is run with the first seed; where an earlier
// state went the same way on all of them, its other runs are taken over.
// Searches that were run before are taken from bench/.cache; a call that was interrupted goes on where it was.
// --write also puts the tables and pictures into docs/.
import { parseArgs } from "node:util";
import { ownContender, peerContender, searchers } from "./support/contenders.mjs";
import { load } from "./support/machine.mjs";
import { peerPython } from "./support/peer-python.mjs";
import { inWorkers } from "./support/pool.mjs";
import { chosenProblems, problemIds } from "./support/problems.mjs";
import { writeQuality } from "./support/quality-report.mjs";
import { runCache } from "./support/run-cache.mjs";

const text = (fallback) => ({ type: "string", default: fallback });
const flag = { type: "boolean", default: false };
const { values } = parseArgs({
  options: {
    tuners: text(searchers.join(",")),
    peers: text("optuna-random,optuna-cmaes,optuna-tpe,hyperopt-tpe,smac3,optuna-gp"),
    problems: text(problemIds.join(",")),
    seeds: text("20"),
    budgets: text("50,100,200"),
    concurrency: text("1,10"),
    jobs: text("2"),
    limit: text("1800"),
    results: text("quality"),
    variant: { type: "string", multiple: true, default: [] },
    fresh: flag,
    write: flag,
    "report-only": flag,
    adopt: flag,
  },
});
const list = (words) => words.split(",").filter((word) => word !== "" && word !== "none");
const numbers = (words) => list(words).map(Number);

const budgets = numbers(values.budgets).toSorted((one, other) => one - other);
const levels = numbers(values.concurrency);
const problems = chosenProblems(list(values.problems));
const evaluations = Math.max(...budgets);
const contenders = [
  ...[...list(values.tuners), ...values.variant].map(ownContender),
  ...list(values.peers).map(peerContender),
];
const caches = new Map(contenders.map((one) => [one.name, runCache(one)]));

if (values.adopt) {
  await runMissing(planned().filter(({ seed }) => seed === 0));
  for (const [name, cache] of caches) console.error(`${name}: ${cache.adopt()} runs taken over`);
}
if (!values["report-only"]) await runMissing(planned());
const { write, results: name } = values;
const failed = writeQuality(gathered(), { budgets, levels, problems, contenders, write, name });
process.exitCode = failed.length === 0 ? 0 : 1;

/** What is to be run, in an order in which the first hours tell the most: few problems with everybody, then more. */
function planned() {
  const tiers = [problems.slice(0, 6), problems.slice(6, 12), problems.slice(12)];
  const plan = [];
  for (const concurrency of levels)
    for (const tier of tiers)
      for (const contender of contenders)
        for (const problem of tier)
          for (let seed = 0; seed < seedsOf(contender); seed++)
            plan.push({ contender, problem, seed, concurrency, evaluations });
  return plan;
}

function seedsOf({ seeds = Infinity }) {
  return Math.min(seeds, Number(values.seeds));
}

async function runMissing(plan) {
  const pythons = new Map();
  const pythonOf = ({ name, needs }) => {
    if (!pythons.has(name)) pythons.set(name, needs === undefined ? "none" : peerPython(needs));
    return pythons.get(name);
  };
  const missing = plan.filter(
    ({ contender, ...what }) => values.fresh || !caches.get(contender.name).find(what),
  );
  const tasks = missing.map((task) => ({ ...task, python: pythonOf(task.contender) }));
  const possible = tasks.filter(({ python }) => python !== undefined);
  for (const [name, python] of pythons)
    if (python === undefined) console.error(`${name} could not be installed: left out`);
  const start = performance.now();
  let [count, told] = [0, ""];
  await inWorkers(possible, {
    jobs: Number(values.jobs),
    limitMs: 1000 * Number(values.limit),
    done({ contender: { name }, python: _python, ...what }, { error, ...found }) {
      count += 1;
      if (error !== undefined) console.error(`${name} ${JSON.stringify(what)}: ${error}`);
      else caches.get(name).keep(what, { ...found, load: load() });
      const now = `${name} ${what.problem} at concurrency ${what.concurrency}`;
      if (now === told) return;
      told = now;
      const minutes = ((performance.now() - start) / 60_000).toFixed(1);
      console.error(`${count}/${possible.length} after ${minutes} min: ${now}`);
    },
  });
}

/** All runs that there are for this question. */
function gathered() {
  return planned().flatMap(({ contender: { name }, ...what }) => {
    const run = caches.get(name).find(what);
    return run === undefined ? [] : [{ contender: name, ...run }];
  });
}
