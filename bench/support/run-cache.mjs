// Searches that were run before, one line each in one file per contender, so that a later call runs only what is missing.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const directory =
  process.env["POLYPHASE_BENCH_CACHE"] ?? fileURLToPath(new URL("../.cache", import.meta.url));

/** The runs of one contender with its present key: `find(what)` and `keep(what, found)`. Of equal ones the last counts. */
export function runCache({ name, key, knowsBudget = false }) {
  const file = join(directory, "quality", `${name}.jsonl`);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const rows = lines.map((line) => JSON.parse(line)).filter((row) => row.key === key);
  const runs = new Map(rows.map((row) => [placeOf(row), row]));
  return {
    /** A longer run has the shorter one in it, unless the contender plans by its length. */
    find(what) {
      const row = runs.get(placeOf(what));
      if (row === undefined) return undefined;
      const long = knowsBudget ? row.evaluations === what.evaluations : row.evaluations >= what.evaluations;
      return long ? row : undefined;
    },
    keep(what, found) {
      const row = { key, ...what, ...found };
      runs.set(placeOf(row), row);
      mkdirSync(join(directory, "quality"), { recursive: true });
      appendFileSync(file, `${JSON.stringify(row)}\n`);
    },
  };
}

function placeOf({ problem, seed, concurrency }) {
  return `${problem} ${seed} ${concurrency}`;
}
