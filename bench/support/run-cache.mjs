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
  const rows = lines.map((line) => JSON.parse(line));
  const runs = new Map(rows.filter((row) => row.key === key).map((row) => [placeOf(row), row]));
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
    /**
     * Takes over the runs under an earlier key, if all that were run under both went the same way; of each problem and
     * concurrency where there is such a pair. Gives how many.
     */
    adopt() {
      const before = runs.size;
      for (const earlier of groupsOf(rows.filter((row) => row.key !== key))) {
        const both = earlier.filter((row) => runs.has(placeOf(row)));
        if (both.length === 0 || !both.every((row) => alike(row, runs.get(placeOf(row))))) continue;
        const proven = new Set(both.map(questionOf));
        const wanted = earlier.filter((row) => proven.has(questionOf(row)) && !runs.has(placeOf(row)));
        for (const row of wanted) this.keep(row, { key });
      }
      return runs.size - before;
    },
  };
}

function groupsOf(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.key, [...(groups.get(row.key) ?? []), row]);
  return groups.values();
}

/** The same way, as far as the shorter one goes. */
function alike(one, other) {
  const length = Math.min(one.evaluations, other.evaluations);
  const upTo = ({ curve }) => JSON.stringify(curve.filter(([at]) => at <= length));
  return upTo(one) === upTo(other);
}

function questionOf({ problem, concurrency }) {
  return `${problem} ${concurrency}`;
}

function placeOf({ problem, seed, concurrency }) {
  return `${problem} ${seed} ${concurrency}`;
}
