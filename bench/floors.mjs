// Floors of speed for CI, with slack for a busy machine: ratios within one run, and a few bounds that only a blunder breaks.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch } from "./parts/launch.mjs";
import { throughput } from "./parts/throughput.mjs";
import { turnaround } from "./parts/turnaround.mjs";
import { short } from "./support/numbers.mjs";

const count = { passed: 0, failed: 0, skipped: 0 };

function floor(what, value, { atMost = Infinity, atLeast = -Infinity }) {
  const holds = value <= atMost && value >= atLeast;
  count[holds ? "passed" : "failed"] += 1;
  const bound = atMost === Infinity ? `at least ${atLeast}` : `at most ${atMost}`;
  console.log(`${holds ? "passed " : "FAILED "} ${what}: ${short(value)} (${bound})`);
}

const random = await turnaround({ tuner: "Random", phases: 1_500 });
floor("turnaround with Random, in pairs of bare round trips", random.median / random.bare, { atMost: 4 });
const tpe = await turnaround({ tuner: "TPE", phases: 600 });
floor("turnaround with TPE after 500 results, ms", tpe.median, { atMost: 12 });
floor("phases/s of eight jobs", (await throughput({ phases: 6_000 })).perSecond, { atLeast: 700 });
const launched = await launch({ jobs: 8 });
floor("next process after one has ended, ms above a bare one", launched.next - launched.bare, {
  atMost: 300,
});
floor("`polyphase run` to the first phase in hand, ms", launched.start, { atMost: 3_000 });

const python = peerPython();
if (python === undefined) {
  count.skipped += 1;
  console.log("skipped  TPE beside Optuna: optuna 5 could not be installed");
} else {
  const script = fileURLToPath(new URL("tpe-speed.mjs", import.meta.url));
  const env = { ...process.env, POLYPHASE_BENCH_PYTHON: python };
  const { stdout } = spawnSync(process.execPath, [script, "--suggestions", "300", "--rounds", "1"], {
    encoding: "utf8",
    env,
  });
  floor("TPE, times faster than Optuna", Number(/optuna \/ polyphase ([\d.]+)/.exec(stdout)?.[1] ?? NaN), {
    atLeast: 8,
  });
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed === 0 ? 0 : 1;

/** A Python that has Optuna 5: the one named, or one of our own beside this file, made when it is first needed. */
function peerPython() {
  const named = process.env["POLYPHASE_BENCH_PYTHON"];
  if (named !== undefined) return named;
  const home = fileURLToPath(new URL(".venv", import.meta.url));
  const own = `${home}/bin/python`;
  const hasOptuna = () =>
    spawnSync(own, ["-c", "import optuna; assert optuna.__version__ >= '5'"]).status === 0;
  if (existsSync(own) && hasOptuna()) return own;
  spawnSync("python3", ["-m", "venv", home], { stdio: "inherit" });
  spawnSync(own, ["-m", "pip", "install", "--quiet", "optuna==5.*", "numpy"], { stdio: "inherit" });
  return hasOptuna() ? own : undefined;
}
