// Makes a bare clone ready: installs the packages and compiles, and skips what has been done since the last change.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a command in the repository's root and ends this process when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

export function setUp() {
  checkNode();
  const lock = hashOf([join(root, "package-lock.json")]);
  step("packages", join(root, "node_modules", ".polyphase-lock"), lock, () =>
    run("npm", ["ci", "--no-fund", "--no-audit"]),
  );
  const sources = hashOf([
    ...filesOf(join(root, "src")),
    join(root, "tsconfig.json"),
    join(root, "tsconfig.build.json"),
  ]);
  step("compiled code", join(root, "dist", ".polyphase-sources"), lock + sources, () =>
    run("npm", ["run", "--silent", "build"]),
  );
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Polyphase needs Node 20.19 or later; this is ${process.versions.node}`);
}

function step(what, stamp, wanted, make) {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.error(`polyphase: making ${what} ...`);
  make();
  writeFileSync(stamp, wanted);
}

function filesOf(directory) {
  return readdirSync(directory, { recursive: true })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(path.slice(root.length)).update(readFileSync(path));
  return hash.digest("hex");
}
