// All figures, ours beside the peer's, in one run:  npm run build && node bench/report.mjs [PART ...] [--realtime] [--write]
// Parts: turnaround python-tuner throughput launch memory resume reliability cholesky. --realtime puts the measured processes on the real-time
// scheduler (needs the right to). Each part's figures stay in bench/results/PART.json; --write makes the table in
// bench/README.md from what is there. Of the tuners themselves tell bench/quality.mjs and bench/speed.mjs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cholesky } from "./parts/cholesky.mjs";
import { launch } from "./parts/launch.mjs";
import { memory } from "./parts/memory.mjs";
import { reliability } from "./parts/reliability.mjs";
import { resume } from "./parts/resume.mjs";
import { throughput } from "./parts/throughput.mjs";
import { turnaround } from "./parts/turnaround.mjs";
import { load, machine } from "./support/machine.mjs";
import { short } from "./support/numbers.mjs";
import { peerPackage } from "./support/peer-package.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { realtime: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
});

const ms = (value) => `${short(value)} ms`;
const besideOf = ({ median, plain, bare }) =>
  `two bare round trips: http.client ${ms(plain)} (ratio ${short(median / plain)}), our client ${ms(bare)} (ratio ${short(median / bare)})`;

/** Each part gives figures, and rows for people: what, ours, beside it, target. */
const parts = {
  async turnaround() {
    const figures = {};
    const rows = [];
    for (const durability of ["normal", "full"]) {
      const sizes = { tuner: "Random", phases: 6_000, warmUp: 2_000, durability };
      const found = (figures[durability] = await turnaround(sizes, options));
      const more = `90 %: ${ms(found.p90)}; first 500 phases ${ms(found.early)}`;
      const target = durability === "normal" ? "at most twice; about 0.8 ms" : "";
      rows.push([
        `turnaround, Random, durability ${durability}`,
        `${ms(found.median)} (${more})`,
        besideOf(found),
        target,
      ]);
    }
    const tpe = (figures.tpe = await turnaround({ tuner: "TPE", phases: 1_400, warmUp: 1_000 }, options));
    const what = "turnaround, TPE after 1,000 results, 10 parameters";
    rows.push([what, ms(tpe.median), besideOf(tpe), "at most 4 ms"]);
    return { figures, rows };
  },
  async "python-tuner"() {
    const sizes = { phases: 4_000, warmUp: 1_000 };
    const own = await turnaround({ ...sizes, tuner: "python" }, options);
    const random = await turnaround({ ...sizes, tuner: "Random" }, options);
    const rows = [
      [
        "turnaround, a tuner of one's own in Python, 10 parameters",
        `${ms(own.median)} (90 %: ${ms(own.p90)})`,
        `Random in the same minutes ${ms(random.median)}; ${besideOf(own)}`,
        "at most 3 ms",
      ],
    ];
    return { figures: { own, random }, rows };
  },
  async throughput() {
    const figures = await throughput({ phases: 20_000 }, options);
    const full = await throughput({ phases: 10_000, durability: "full" }, options);
    const rowOf = ({ jobs, perSecond }, durability, target) => [
      `throughput, ${jobs} jobs, Random, durability ${durability}`,
      `${short(perSecond)} phases/s`,
      "",
      target,
    ];
    return {
      figures: { ...figures, full },
      rows: [rowOf(figures, "normal", "at least 1,500"), rowOf(full, "full", "")],
    };
  },
  async launch() {
    const figures = await launch({ jobs: 40 }, options);
    const bare = `python3 -c pass ${ms(figures.bare)}`;
    return {
      figures,
      rows: [
        ["end of a trial's process → first line of the next", ms(figures.next), bare, "at most 150 ms above"],
        ["`polyphase run` → first phase in the trial's hands", ms(figures.start), bare, "at most 1,000 ms"],
      ],
    };
  },
  async memory() {
    const figures = await memory({}, options);
    const what = `manager's memory, ${figures.phases} phases of 10 parameters`;
    const rates = `first tenth ${short(figures.firstTenth)} phases/s, last ${short(figures.lastTenth)}`;
    return {
      figures,
      rows: [[what, `${short(figures.peakRssMiB)} MiB`, rates, "below 600 MB, no slowdown"]],
    };
  },
  async resume() {
    const figures = { Random: await resume({ tuner: "Random" }), TPE: await resume({ tuner: "TPE" }) };
    const row = ({ seconds, phases, tuner, reading }) => [
      `resume of ${phases} phases of 10 parameters, ${tuner}`,
      `${short(seconds)} s`,
      `reading the journal and folding it, once: ${short(reading.readAndFold)} s`,
      "at most 2 s",
    ];
    return { figures, rows: Object.values(figures).map(row) };
  },
  async reliability() {
    const figures = await reliability();
    const rows = Object.entries(figures.found).map(([name, one]) => [
      `${name}: ${one.killed.workers + one.killed.managers} kills, ${one.asked} evaluations asked for`,
      `${one.recorded} recorded, ${one.acknowledgedLost} acknowledged lost`,
      `${one.stuckRunning} stuck as running, ${one.startedNeverRecorded} points lost, ${one.errors} errors`,
      "0 lost, 0 stuck",
    ]);
    return { figures, rows };
  },
  async cholesky() {
    const figures = cholesky({}, peerPackage("ml-matrix", "6.15.1"));
    const row = ({ n, columns, factorize, solve, invert }) => {
      const tell = (what, { wasm, plain, peer }) => [
        `${what}, ${n} rows`,
        `${ms(wasm)} with WebAssembly, ${ms(plain)} without`,
        peer === undefined ? "" : `ml-matrix ${ms(peer)}`,
        "",
      ];
      return [
        tell("Cholesky's factor", factorize),
        tell(`${columns} right-hand sides`, solve),
        tell("inverse from the factor", invert),
      ];
    };
    return { figures, rows: figures.flatMap(row) };
  },
};

const resultsOf = (part) => fileURLToPath(new URL(`results/${part}.json`, import.meta.url));

async function measure(part) {
  console.error(`measuring ${part} ...`);
  const date = new Date().toISOString().slice(0, 10);
  const command = `node bench/report.mjs ${part}${options.realtime ? " --realtime" : ""}`;
  const before = load();
  const found = await parts[part]();
  const result = { part, command, date, machine: machine(), load: { before, after: load() }, ...found };
  mkdirSync(fileURLToPath(new URL("results", import.meta.url)), { recursive: true });
  writeFileSync(resultsOf(part), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

/** Tables for people; the load belongs to each line, as each was taken at its own time. */
function summary(results) {
  const [{ machine: on }] = results;
  const lines = [
    `${on.cores} cores of ${on.cpu}, ${on.memoryGiB} GiB, Node ${on.node}, Python ${on.python}, journal on ${on.journalOn}`,
    "",
    "| what | ours | beside it | target | when, load before and after |",
    "|---|--:|---|---|---|",
  ];
  for (const { rows = [], ...result } of results) {
    const elsewhere = result.machine.cpu === on.cpu ? "" : `, ${result.machine.cpu}`;
    lines.push(...rows.map((row) => `| ${[...row, `${when(result)}${elsewhere}`].join(" | ")} |`));
  }
  return lines.join("\n");
}

function when({ date, load: { before, after }, command }) {
  return `${date}, ${before} → ${after}${command.endsWith("--realtime") ? ", real-time scheduling" : ""}`;
}

const names = Object.keys(parts);
const chosen = positionals.length > 0 ? positionals : names;
const unknown = chosen.find((part) => !names.includes(part));
if (unknown !== undefined) throw new Error(`there is no part ${unknown}: ${names.join(", ")}`);

const results = [];
for (const part of chosen) results.push(await measure(part));
console.log(summary(results));

if (options.write) {
  const path = fileURLToPath(new URL("README.md", import.meta.url));
  const known = names.map(resultsOf).filter((file) => existsSync(file));
  const all = summary(known.map((file) => JSON.parse(readFileSync(file, "utf8"))));
  const marked = /(<!-- figures -->\n)[^]*(<!-- end of figures -->)/;
  const write = (_all, from, to) => `${from}${all}\n${to}`;
  writeFileSync(path, readFileSync(path, "utf8").replace(marked, write));
}
