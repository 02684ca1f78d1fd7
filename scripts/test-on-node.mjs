// Runs the TypeScript tests on another major version of Node, taken from the npm registry: test-on-node.mjs 22 [directory]
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./setup.mjs";

const [major, directory = tmpdir()] = process.argv.slice(2);
const home = join(directory, `node-${major}`);
mkdirSync(home, { recursive: true });
const name = `node-${process.platform}-${process.arch}`;
const installed = spawnSync("npm", ["install", "--no-save", "--prefix", home, `${name}@${major}`], {
  stdio: "inherit",
});
if (installed.status !== 0) process.exit(1);

const node = join(home, "node_modules", name, "bin", "node");
console.log(`Node ${spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim()}`);
const env = { ...process.env, PATH: `${join(home, "node_modules", name, "bin")}:${process.env.PATH}` };
const { status } = spawnSync(node, ["node_modules/vitest/vitest.mjs", "run"], {
  cwd: root,
  stdio: "inherit",
  env,
});
process.exit(status ?? 1);
