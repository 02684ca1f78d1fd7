// Who takes part: our tuners by their names in the registry, and the peers. `key` changes when a contender's proposals may.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { builtinTunerNames } from "../../dist/tuners/index.js";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));

/**
 * Peers with the settings that their authors ship, but for GP, which is told that the functions have no noise. `needs` are
 * what pip installs; `seeds` holds back what takes long.
 */
export const peers = {
  "optuna-random": optuna({ sampler: "random" }),
  "optuna-cmaes": optuna({ sampler: "cmaes", options: { warn_independent_sampling: false } }, ["cmaes"]),
  "optuna-tpe": optuna({ sampler: "tpe" }),
  "optuna-tpe-group": optuna({ sampler: "tpe", options: { multivariate: true, group: true } }),
  "hyperopt-tpe": { script: "hyperopt_peer.py", settings: { algorithm: "tpe" }, needs: ["hyperopt"] },
  "hyperopt-anneal": { script: "hyperopt_peer.py", settings: { algorithm: "anneal" }, needs: ["hyperopt"] },
  smac3: { script: "smac_peer.py", settings: {}, needs: ["smac"], seeds: 10, knowsBudget: true },
  "optuna-gp": {
    ...optuna({ sampler: "gp", options: { deterministic_objective: true } }, ["torch", "scipy"]),
    seeds: 5,
  },
  "optuna-nsga2": optuna({ sampler: "nsga2" }),
};

function optuna(settings, more = []) {
  return { script: "optuna_peer.py", settings, needs: ["optuna", ...more] };
}

/** Tuners that go through a list rather than search. */
const sweeps = ["GridSearch", "BatchTuner"];

export const searchers = builtinTunerNames.filter((name) => !sweeps.includes(name));

/** `TPE`, or a variant under a name of its own: `TPE-30=TPE {"n_startup_trials":30}`. */
export function ownContender(words) {
  const [, name, tuner = words, args = "{}"] = /^([^=]+)=(\w+)\s*(\{.*\})?$/.exec(words) ?? [null, words];
  if (!builtinTunerNames.includes(tuner)) throw new Error(`there is no tuner ${tuner}`);
  const classArgs = JSON.parse(args);
  return { name, kind: "ours", tuner, classArgs, key: hash(classArgs, ...sourcesOf(tuner)) };
}

/** `smac3`, or with a number of seeds of its own: `smac3:5`. What is named without a library is Optuna's. */
export function peerContender(words) {
  const [short, seeds] = words.split(":");
  const name = Object.hasOwn(peers, `optuna-${short}`) ? `optuna-${short}` : short;
  const peer = peers[name];
  if (peer === undefined) throw new Error(`there is no peer ${name}: ${Object.keys(peers).join(", ")}`);
  const own = seeds === undefined ? {} : { seeds: Number(seeds) };
  return { name, kind: "peer", ...peer, ...own, key: hash(peer.script, peer.settings) };
}

/** The compiled files that decide what a tuner proposes: its own, and what these import of tuners/ and space/. */
function sourcesOf(tuner) {
  const registry = join(dist, "tuners/registry.js");
  const text = readFileSync(registry, "utf8");
  const create = new RegExp(`\\b${tuner}: \\{\\s*create: (\\w+)`).exec(text)?.[1];
  const file = new RegExp(`import \\{ ${create} \\} from "(.+)"`).exec(text)?.[1];
  const seen = new Set();
  gather(file === undefined ? registry : resolve(dirname(registry), file), seen);
  return [...seen].toSorted().map((path) => withoutComments(readFileSync(path, "utf8")));
}

function withoutComments(text) {
  return text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
}

function gather(path, seen) {
  const decides = ["tuners/", "space/", "model/random"].some((part) => path.startsWith(join(dist, part)));
  if (!decides || seen.has(path) || !existsSync(path)) return;
  seen.add(path);
  for (const [, other] of readFileSync(path, "utf8").matchAll(/from "(\.{1,2}\/.+?)"/g))
    gather(resolve(dirname(path), other), seen);
}

export function hash(...parts) {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
