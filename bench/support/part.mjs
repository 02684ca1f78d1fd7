import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { load, machine } from "./machine.mjs";
import { short } from "./numbers.mjs";

/**
 * One part of the report: `measure(options)` gives rows of
 * `{ what, value, unit, beside?: { what, value, unit? }, target, met }`, `met` being null where there is no target.
 */

const results = fileURLToPath(new URL("../results", import.meta.url));

export const partOptions = {
  /** Sizes for a quick look; the figures are rougher. */
  quick: { type: "boolean", default: false },
  /** Under `chrt -r 1`: figures of an idle machine on one that is not. */
  realtime: { type: "boolean", default: false },
};

/** Runs a part when its file is the program that was started. */
export async function runAlone(url, part) {
  if (fileURLToPath(url) !== process.argv[1]) return;
  const { values } = parseArgs({ options: partOptions });
  await runPart(part, values);
}

/** Measures, prints the rows and writes bench/results/NAME.json. */
export async function runPart(part, options) {
  const loadBefore = load();
  const rows = await part.measure(options);
  const result = {
    part: part.name,
    command: ["node bench/report.mjs", part.name, ...flags(options)].join(" "),
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    load: { before: loadBefore, after: load() },
    rows,
  };
  for (const row of rows) console.log(rowText(row));
  mkdirSync(results, { recursive: true });
  writeFileSync(`${results}/${part.name}.json`, `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

function flags(options) {
  return Object.keys(partOptions)
    .filter((name) => options[name])
    .map((name) => `--${name}`);
}

export function rowText({ what, value, unit, beside, target, met }) {
  const other =
    beside === undefined
      ? ""
      : `${beside.what} ${short(beside.value)}${beside.unit === "" ? "" : ` ${beside.unit ?? unit}`}`;
  const verdict = met === null ? "" : met ? "met" : "MISSED";
  const own = `${short(value)} ${unit}`;
  return `${what.padEnd(62)} ${own.padEnd(14)} ${other.padEnd(40)} ${(target ?? "").padEnd(20)} ${verdict}`;
}
