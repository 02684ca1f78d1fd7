// All figures, ours beside the peer's, in one run:  npm run build && node bench/report.mjs [PART ...] [--realtime] [--write]
// Parts: turnaround throughput launch memory tpe-speed tpe-quality. --realtime puts the measured processes on the real-time
// scheduler (needs the right to). --write keeps the table in bench/README.md.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { launch } from "./parts/launch.mjs";
import { memory } from "./parts/memory.mjs";
import { throughput } from "./parts/throughput.mjs";
import { turnaround } from "./parts/turnaround.mjs";
import { load, machine } from "./support/machine.mjs";
import { short } from "./support/numbers.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { realtime: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
});

const ms = (value) => `${short(value)} ms`;

/** Each part gives rows: what, ours, beside it, target. */
const parts = {
  async turnaround() {
    const rows = [];
    for (const durability of ["normal", "full"]) {
      const { median, p90, bare, plain } = await turnaround(
        { tuner: "Random", phases: 3_000, durability },
        options,
      );
      const beside = `two bare round trips: http.client ${ms(plain)} (ratio ${short(median / plain)}), our client ${ms(bare)} (ratio ${short(median / bare)})`;
      rows.push([
        `turnaround, Random, durability ${durability}`,
        `${ms(median)} (90 %: ${ms(p90)})`,
        beside,
        "at most twice",
      ]);
    }
    const tpe = await turnaround({ tuner: "TPE", phases: 1_100 }, options);
    rows.push([
      "turnaround, TPE after 1,000 results, 10 parameters",
      ms(tpe.median),
      `two bare round trips: http.client ${ms(tpe.plain)}, our client ${ms(tpe.bare)}`,
      "at most 4 ms",
    ]);
    return rows;
  },
  async throughput() {
    const { perSecond, jobs } = await throughput({}, options);
    return [[`throughput, ${jobs} jobs, Random`, `${short(perSecond)} phases/s`, "", "at least 1,500"]];
  },
  async launch() {
    const { next, start, bare } = await launch({}, options);
    return [
      [
        "end of a trial's process → first line of the next",
        ms(next),
        `python3 -c pass ${ms(bare)}`,
        "at most 150 ms above",
      ],
      ["`polyphase run` → first phase in the trial's hands", ms(start), "", "at most 1,000 ms"],
    ];
  },
  async memory() {
    const { peakRssMiB, phases, firstTenth, lastTenth } = await memory({}, options);
    const rates = `first tenth ${short(firstTenth)} phases/s, last ${short(lastTenth)}`;
    return [
      [
        `manager's memory, ${phases} phases of 10 parameters`,
        `${short(peakRssMiB)} MiB`,
        rates,
        "below 600 MiB, no slowdown",
      ],
    ];
  },
  "tpe-speed": () => printed("tpe-speed.mjs"),
  "tpe-quality": () => printed("tpe-quality.mjs"),
};

/** Programs of their own, whose words are kept as they are. */
function printed(script) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [path], { encoding: "utf8" });
  return Promise.resolve(`${stdout}${stderr}`.trimEnd());
}

const chosen = positionals.length > 0 ? positionals : Object.keys(parts);
const { cores, cpu, memoryGiB, node, python, journalOn } = machine();
const lines = [
  `${new Date().toISOString().slice(0, 10)}, ${cores} cores of ${cpu}, ${memoryGiB} GiB, Node ${node}, Python ${python}, journal on ${journalOn}, load ${load()} at the start${options.realtime ? ", real-time scheduling" : ""}`,
  "",
  "| what | ours | beside it | target |",
  "|---|--:|---|---|",
];
const texts = [];
for (const part of chosen) {
  if (!parts[part]) throw new Error(`there is no part ${part}: ${Object.keys(parts).join(", ")}`);
  console.error(`measuring ${part} ...`);
  const result = await parts[part]();
  if (typeof result === "string") texts.push("", "```", result, "```");
  else lines.push(...result.map((row) => `| ${row.join(" | ")} |`));
}
const report = [...lines, ...texts].join("\n");
console.log(report);
if (options.write) {
  const path = fileURLToPath(new URL("README.md", import.meta.url));
  const marked = /(<!-- figures -->\n)[^]*(<!-- end of figures -->)/;
  writeFileSync(
    path,
    readFileSync(path, "utf8").replace(marked, (_all, from, to) => `${from}${report}\n${to}`),
  );
}
