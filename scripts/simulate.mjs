// Plays thousands of random experiments on virtual time: simulate.mjs [--runs N] [--seed S] [--path P]
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { root } from "./setup.mjs";

const { values } = parseArgs({
  options: { runs: { type: "string" }, seed: { type: "string" }, path: { type: "string" } },
});
const given = {
  runs: Number(values.runs ?? 10_000),
  seed: Number(values.seed ?? randomInt(2 ** 31)),
  ...(values.path !== undefined && { path: values.path }),
};
console.log(`${given.path === undefined ? `${given.runs} runs` : `run ${given.path}`}, seed ${given.seed}`);
const { status } = spawnSync(
  "npx",
  ["--no-install", "vitest", "run", "tests/simulation/simulation.test.ts"],
  { cwd: root, stdio: "inherit", env: { ...process.env, POLYPHASE_SIMULATION: JSON.stringify(given) } },
);
process.exit(status ?? 1);
