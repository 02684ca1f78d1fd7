// Floors of speed for CI, with slack for a busy machine: ratios within one run, and a few bounds that only a blunder breaks.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { growth } from "./parts/growth.mjs";
import { cholesky } from "./parts/cholesky.mjs";
import { curveLook } from "./parts/curve-look.mjs";
import { launch } from "./parts/launch.mjs";
import { memory } from "./parts/memory.mjs";
import { throughput } from "./parts/throughput.mjs";
import { turnaround } from "./parts/turnaround.mjs";
import { load } from "./support/machine.mjs";
import { short } from "./support/numbers.mjs";
import { peerPython } from "./support/peer-python.mjs";

const count = { passed: 0, failed: 0, skipped: 0 };

function skip(what, why) {
  count.skipped += 1;
  console.log(`skipped  ${what}: ${why}`);
}

function floor(what, value, { atMost = Infinity, atLeast = -Infinity }) {
  const holds = value <= atMost && value >= atLeast; // never for NaN
  count[holds ? "passed" : "failed"] += 1;
  const bound = atMost === Infinity ? `at least ${atLeast}` : `at most ${atMost}`;
  console.log(`${holds ? "passed " : "FAILED "} ${what}: ${short(value)} (${bound})`);
}

console.log(`load ${load()}`);
const random = await turnaround({ tuner: "Random", phases: 4_000, warmUp: 2_000 });
floor("turnaround with Random, in pairs of http.client's bare round trips", random.median / random.plain, {
  atMost: 5,
});
const tpe = await turnaround({ tuner: "TPE", phases: 1_100, warmUp: 1_000 });
floor("turnaround with TPE after 1,000 results, ms", tpe.median, { atMost: 8 });
const own = await turnaround({ tuner: "python", phases: 2_000, warmUp: 1_000 });
floor(
  "turnaround with a tuner in Python, in pairs of http.client's bare round trips",
  own.median / own.plain,
  {
    atMost: 12,
  },
);
floor("phases/s of eight jobs", (await throughput({ phases: 8_000 })).perSecond, { atLeast: 700 });
const launched = await launch({ jobs: 8 });
floor("next process after one has ended, ms above a bare one", launched.next - launched.bare, {
  atMost: 300,
});
floor("`polyphase run` to the first phase in hand, ms", launched.start, { atMost: 3_000 });
const long = await memory({ phases: 20_000 });
const memoryOf = "memory of the manager after 20,000 phases, MiB";
if (Number.isNaN(long.peakRssMiB)) skip(memoryOf, "this system does not tell the memory of processes");
else floor(memoryOf, long.peakRssMiB, { atMost: 300 });
floor("pace of the last 2,000 phases, in that of the first", long.lastTenth / long.firstTenth, {
  atLeast: 0.6,
});
const grown = growth();
const growthOf = (what) => `cost of ${what}, eight times as large, in its part of eight`;
floor(growthOf("refusing a config"), grown.config, { atMost: 4 });
floor(growthOf("reading a search space"), grown.space, { atMost: 4 });
floor(growthOf("looking for secrets"), grown.secrets, { atMost: 4 });

const [{ factorize, solve }] = cholesky({ sizes: [300] });
floor("factor of 300 rows, times faster with WebAssembly", factorize.plain / factorize.wasm, { atLeast: 2 });
floor("solution of 300 rows, times faster with WebAssembly", solve.plain / solve.wasm, { atLeast: 2 });
floor("look at a learning curve of 50 results, ms", curveLook(), { atMost: 20 });

const python = peerPython();
if (python === undefined) {
  skip("TPE beside Optuna", "optuna 5 could not be installed");
} else {
  const script = fileURLToPath(new URL("speed.mjs", import.meta.url));
  const env = { ...process.env, POLYPHASE_BENCH_PYTHON: python };
  const less = ["--only", "TPE", "--spaces", "uniform40", "--suggestions", "300", "--rounds", "1"];
  const { stdout } = spawnSync(process.execPath, [script, ...less, "--no-history"], {
    encoding: "utf8",
    env,
  });
  floor("TPE, times faster than Optuna", Number(/peer \/ ours ([\d.]+)/.exec(stdout)?.[1] ?? NaN), {
    atLeast: 5,
  });
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed === 0 ? 0 : 1;
