// TPE's speed beside Optuna's, in one run:  npm run build && node bench/tpe-speed.mjs [--suggestions 1000] [--dimensions 40] [--rounds 3]
// The peer needs a Python with optuna 5: POLYPHASE_BENCH_PYTHON names it, else python3. Without it only our part is printed.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { createBuiltinTuner } from "../dist/tuners/index.js";

const { values } = parseArgs({
  options: {
    suggestions: { type: "string", default: "1000" },
    dimensions: { type: "string", default: "40" },
    rounds: { type: "string", default: "3" },
  },
});
const suggestions = Number(values.suggestions);
const dimensions = Number(values.dimensions);

const ours = [];
const theirs = [];
for (let round = 1; round <= Number(values.rounds); round++) {
  ours.push(runOurs(round));
  const peer = runPeer(round);
  if (peer !== undefined) theirs.push(peer);
}

console.log(
  `${suggestions} sequential TPE suggestions, ${dimensions} uniform parameters, best of ${values.rounds}`,
);
const own = best(ours);
console.log(`  polyphase          ${own.seconds.toFixed(3)} s   last tenth ${lastTenth(own)} ms each`);
if (theirs.length > 0) {
  const peer = best(theirs);
  console.log(
    `  optuna ${peer.version.padEnd(11)} ${peer.seconds.toFixed(3)} s   last tenth ${lastTenth(peer)} ms each`,
  );
  console.log(`  optuna / polyphase ${(peer.seconds / own.seconds).toFixed(1)}`);
}

function runOurs(seed) {
  const names = Array.from({ length: dimensions }, (_, i) => `x${i}`);
  const tuner = createBuiltinTuner("TPE", { optimizeMode: "minimize", seed, classArgs: {} });
  tuner.updateSearchSpace(
    Object.fromEntries(names.map((name) => [name, { _type: "uniform", _value: [0, 1] }])),
  );
  const marks = [];
  const start = performance.now();
  for (let id = 0; id < suggestions; id++) {
    const { parameters } = tuner.generateParameters(id, { trialJobId: "bench", parameterIndex: id });
    const value = names.reduce((sum, name) => sum + (parameters[name] - 0.3) ** 2, 0);
    const result = { parameterId: id, parameters, value, outcome: "succeeded", trialJobId: "bench" };
    tuner.receiveTrialResult(result);
    tuner.trialEnd?.(result);
    if ((id + 1) % Math.max(1, Math.floor(suggestions / 10)) === 0)
      marks.push((performance.now() - start) / 1000);
  }
  return { seconds: (performance.now() - start) / 1000, marks };
}

function runPeer(seed) {
  const python = process.env["POLYPHASE_BENCH_PYTHON"] ?? "python3";
  const script = new URL("peers/optuna_tpe.py", import.meta.url).pathname;
  const args = [
    script,
    "speed",
    "--suggestions",
    String(suggestions),
    "--dimensions",
    String(dimensions),
    "--seed",
    String(seed),
  ];
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: "utf8", env: peerEnvironment() });
  if (status === 0) return JSON.parse(stdout);
  console.error(`the peer did not run (${python}): ${String(stderr).trim().split("\n").at(-1)}`);
  return undefined;
}

/** The peer runs as its authors would run it: without settings that hold its linear algebra back. */
function peerEnvironment() {
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...rest } = process.env;
  return rest;
}

function best(runs) {
  return runs.reduce((one, other) => (other.seconds < one.seconds ? other : one));
}

function lastTenth({ marks }) {
  return ((1000 * (marks.at(-1) - marks.at(-2))) / (suggestions / 10)).toFixed(2);
}
