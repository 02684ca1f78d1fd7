// Runs the examples, each as a user would, and checks what comes out. Needs a build (npm run build) first.
//   node scripts/run-examples.mjs              all of them
//   node scripts/run-examples.mjs NAME ...     these folders of examples/
// A folder of examples/ with a config.yml is an example; one with a tsconfig.json is compiled first. expect.json says what
// is asked of an example:
//   minBest    the best objective must be at least this
//   minArea    of two objectives: the front must beat at least this part of the rectangle between `from` and `to`,
//              values of the objectives. How many phases it has says nothing: the better the few, the fewer they are
//   minPhases  at least so many phases must have succeeded, or have been stopped by an assessor
//   needs      programs without which the example is skipped, such as python3
//   programs   further programs, run with node in the folder, each with a pattern that its output must match
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = join(root, "dist", "cli", "bin.js");
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
/** For one command of an example. */
const timeLimitMs = 5 * 60_000;

if (!existsSync(cli)) {
  console.error(`${cli} is missing: run "npm run build" first`);
  process.exit(1);
}

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const folder of exampleFolders(process.argv.slice(2))) {
  const started = performance.now();
  const { outcome, text } = await runExample(folder);
  counts[outcome] += 1;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${outcome.padEnd(7)}  ${basename(folder).padEnd(20)}  ${seconds.padStart(5)} s  ${text}`);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;

function exampleFolders(names) {
  const examples = join(root, "examples");
  const found = readdirSync(examples).filter((name) => existsSync(join(examples, name, "config.yml")));
  const unknown = names.filter((name) => !found.includes(name));
  if (unknown.length > 0) {
    console.error(`expected names of examples (${found.join(", ")}), got ${unknown.join(", ")}`);
    process.exit(2);
  }
  return found
    .filter((name) => names.length === 0 || names.includes(name))
    .sort()
    .map((name) => join(examples, name));
}

async function runExample(folder) {
  const expected = JSON.parse(readFileSync(join(folder, "expect.json"), "utf8"));
  const missing = (expected.needs ?? []).find((program) => spawnSync(program, ["--version"]).error);
  if (missing !== undefined) return { outcome: "skipped", text: `there is no ${missing} here` };
  const home = mkdtempSync(join(tmpdir(), "polyphase-example-"));
  try {
    if (existsSync(join(folder, "tsconfig.json"))) await node(folder, home, [compiler, "-p", "."]);
    const text = await runExperiment(folder, home, expected);
    for (const [program, pattern] of Object.entries(expected.programs ?? {})) {
      const output = await node(folder, home, [program]);
      if (!new RegExp(pattern).test(output))
        throw new Error(`${program} did not print /${pattern}/:\n${output}`);
    }
    return { outcome: "passed", text };
  } catch (error) {
    return { outcome: "failed", text: error.message };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function runExperiment(folder, home, expected) {
  const view = JSON.parse(await node(folder, home, [cli, "run", "-c", "config.yml", "--json"]));
  const { status, phases } = view;
  if (status !== "DONE") throw new Error(`expected status DONE, got ${status}`);
  const ended = phases.succeeded + phases.stopped;
  if (!(ended >= expected.minPhases))
    throw new Error(`expected ${expected.minPhases} phases or more, got ${JSON.stringify(phases)}`);
  const found =
    expected.minArea === undefined ? best(view, expected) : await front(folder, home, view, expected);
  return `${found}, ${ended} phases, ${phases.stopped} of them stopped`;
}

function best({ best }, { minBest }) {
  if (best?.objective >= minBest) return `best ${best.objective.toFixed(4)} (at least ${minBest})`;
  throw new Error(`expected a best of ${minBest} or more, got ${best?.objective}`);
}

async function front(folder, home, { id }, { minArea, from, to }) {
  const { phases } = JSON.parse(await node(folder, home, [cli, "pareto", id, "--json"]));
  const part = beatenPart(phases.map(({ objectives }) => partsOfTheWay(objectives, from, to)));
  if (part >= minArea) return `front of ${phases.length} that beats ${part.toFixed(3)} (at least ${minArea})`;
  throw new Error(`expected a front that beats ${minArea} or more, got ${part}: ${JSON.stringify(phases)}`);
}

/** For each of two objectives how far it is on the way from one value to the other, 0 .. 1. */
function partsOfTheWay(objectives, from, to) {
  return Object.keys(from).map((name) => {
    const part = (objectives[name] - from[name]) / (to[name] - from[name]);
    return Math.min(1, Math.max(0, part));
  });
}

/** The area of the rectangles between (0, 0) and the points, together (hypervolume). */
function beatenPart(points) {
  let area = 0;
  let beaten = 0;
  for (const [x, y] of points.sort(([one], [other]) => other - one)) {
    area += x * Math.max(0, y - beaten);
    beaten = Math.max(beaten, y);
  }
  return area;
}

/** What the program writes to stdout. Rejects with what it wrote to stderr when it does not end well and in time. */
function node(folder, home, args) {
  const env = { ...process.env, POLYPHASE_HOME: home };
  const child = spawn(process.execPath, args, { cwd: folder, env, timeout: timeLimitMs });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"])
    child[stream].setEncoding("utf8").on("data", (text) => (output[stream] += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(output.stdout);
      const how = code === null ? `ended by ${signal}` : `exit code ${code}`;
      reject(new Error(`${["node", ...args].join(" ")}: ${how}\n${output.stderr}${output.stdout}`.trimEnd()));
    });
  });
}
