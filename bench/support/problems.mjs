// What the tuners are judged on. Everything is minimised: of a problem whose value is to be large, the loss is the value's negative.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { seeded } from "../../dist/model/index.js";
import { flatten, parseSearchSpace, samplePoint, toParameters } from "../../dist/space/index.js";
import { functions } from "../functions.mjs";
import { median } from "./numbers.mjs";

/** Measured tables and surrogates of third parties, where they are at hand. */
const data = resolve(
  process.env["POLYPHASE_BENCH_DATA"] ??
    fileURLToPath(new URL("../../../shared/data/hpo-dev", import.meta.url)),
);

/** Groups for averages and plots, in the order in which problems are run: what tells the most comes first. */
export const groups = {
  smooth: ["branin", "hartmann6", "rosen5", "ackley10s", "ackley10"],
  mixed: ["mixed6", "cond", "learners"],
  trees: ["yahpo/"],
  architectures: ["nas/"],
  recorded: ["taskset/", "hss/", "grid/"],
};

const first = [
  "branin",
  "hartmann6",
  "mixed6",
  "cond",
  "rosen5",
  "ackley10s",
  "yahpo/rbv2_rpart/14",
  "yahpo/rbv2_ranger/42",
  "nas/macro-cifar10",
  "nas/graph-cora",
  "taskset/imdb_patch32_LSTM128_bs128",
  "hss/mnist",
];

const stored = existsSync(data) ? read("problems.json").problems : {};

export const problemIds = orderedIds();

function orderedIds() {
  const judged = Object.keys(stored).filter((id) => stored[id].judged && stored[id].loader !== "mlp");
  const all = [...Object.keys(functions), ...judged];
  return [...first.filter((id) => all.includes(id)), ...all.filter((id) => !first.includes(id))];
}

/** `first`, a group, an id or the beginning of ids. */
export function chosenProblems(words) {
  const named = words.flatMap((word) => (word === "first" ? first : (groups[word] ?? [word])));
  const chosen = problemIds.filter((id) => named.some((name) => matches(id, name)));
  const unknown = named.find((name) => !problemIds.some((id) => matches(id, name)));
  if (unknown !== undefined) console.error(`no problem here is called ${unknown}`);
  return chosen;
}

export function groupOf(id) {
  return Object.keys(groups).find((group) => groups[group].some((name) => matches(id, name)));
}

function matches(id, name) {
  return id === name || (name.endsWith("/") && id.startsWith(name));
}

/** A problem to search: `loss(parameters)` over `space`. */
export async function openProblem(id) {
  if (Object.hasOwn(functions, id)) {
    const { space, evaluate } = functions[id];
    return { id, space, loss: evaluate };
  }
  const { open } = await import(pathToFileURL(resolve(data, "lib/bench.mjs")).href);
  const problem = open(data, id);
  const sign = problem.maximize ? -1 : 1;
  return { id, space: problem.space, loss: (parameters) => sign * problem.evaluate(parameters).value };
}

/** The scale of a problem: the best loss there is, a typical random point's, and the sign that makes values of losses. */
export function scaleOf(id) {
  if (Object.hasOwn(functions, id)) {
    const { optimum, space, evaluate } = functions[id];
    return { optimum, typical: typicalLoss(space, evaluate), sign: 1, group: groupOf(id) };
  }
  const { optimum, typical, maximize } = read("baselines.json")[id];
  const sign = maximize ? -1 : 1;
  return { optimum: sign * optimum, typical: sign * typical, sign, group: groupOf(id) };
}

/** Medians of tuners elsewhere that came with the data, by tuner and problem. */
export function recordedWithData() {
  return existsSync(resolve(data, "peers.json")) ? read("peers.json") : {};
}

function typicalLoss(space, evaluate) {
  const flat = flatten(parseSearchSpace(space));
  const random = seeded(1);
  return median(Array.from({ length: 2_001 }, () => evaluate(toParameters(flat, samplePoint(flat, random)))));
}

function read(file) {
  return JSON.parse(readFileSync(resolve(data, file), "utf8"));
}
