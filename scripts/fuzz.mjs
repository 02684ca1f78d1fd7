// Sends a real manager thousands of requests made from docs/openapi.json, well-formed and not, and holds every answer to that
// description: no status 5xx, no status, type or shape that is not in it. Needs a build (npm run build) first, and Python.
//   node scripts/fuzz.mjs            about two minutes
//   node scripts/fuzz.mjs SEED       with another seed than 1
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { root } from "./setup.mjs";

const seed = process.argv[2] ?? "1";
const cli = join(root, "dist", "cli", "bin.js");
const scratch = mkdtempSync(join(tmpdir(), "polyphase-fuzz-"));
const home = join(scratch, "home");

/** A request that failed may have millions of characters. */
const longestLine = 400;

/**
 * What is asked, and with whose token, in this order: cancelled jobs do nothing with their tokens, and after `stop` there is
 * little left. `events` has no end; `updateExperiment` would have thousands of trial jobs started: both are tested elsewhere.
 */
const rounds = [
  { name: "trial jobs", token: "trial", options: ["--include-tag", "trial", "--max-time", "30"] },
  { name: "nobody", token: "none", options: [...without("events"), "--max-time", "10"] },
  {
    name: "viewers",
    token: "viewer",
    options: ["--include-tag", "management", ...without("events"), "--max-time", "15"],
  },
  {
    name: "admins",
    token: "admin",
    options: [
      "--include-tag",
      "management",
      ...without("events", "stop", "updateExperiment"),
      "--max-time",
      "40",
    ],
  },
  {
    name: "stopping",
    token: "admin",
    options: ["--include-operation-id", "stop", "--phases", "fuzzing", "--max-examples", "25"],
  },
];

/** Of all checks of Schemathesis, those whose idea of an API differs: a trial job that is cancelled (DELETE) stays to be seen. */
const notOurs = ["use_after_free", "ensure_resource_availability", "ignored_auth"];

/**
 * Which refusals faulty input may get: also that its job has ended, that it is too long to be looked at, or that too many
 * wrong tokens have come.
 */
const settings = `[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 409, 410, 413, 415, 429, 431]
`;

function without(...operations) {
  return operations.flatMap((name) => ["--exclude-operation-id", name]);
}

if (!existsSync(cli)) {
  console.error(`${cli} is missing: run "npm run build" first`);
  process.exit(1);
}
const total = { passed: 0, failed: 0, skipped: 0 };
try {
  const schemathesis = install();
  const experiment = await start();
  try {
    for (const round of rounds) add(await fuzz(schemathesis, experiment, round));
  } finally {
    polyphase("stop", "--all");
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

function install() {
  const venv = join(scratch, "venv");
  command("python3", ["-m", "venv", venv]);
  command(join(venv, "bin", "pip"), ["install", "--quiet", "schemathesis>=4.32,<5"]);
  return join(venv, "bin", "schemathesis");
}

function command(program, args) {
  const { status, error } = spawnSync(program, args, { stdio: "inherit" });
  if (error || status !== 0)
    throw new Error(`${program} ${args.join(" ")}: ${error ?? `exit code ${status}`}`);
}

/** An experiment whose only trial job waits, and does not even end when it is asked to. */
async function start() {
  writeFileSync(join(scratch, "schemathesis.toml"), settings);
  writeFileSync(
    join(scratch, "config.yml"),
    `multiPhase: true
gracePeriod: 5s
searchSpace: { x: { _type: uniform, _value: [0, 1] } }
tuner: Random
trial: { command: "env > draft && mv draft env; trap '' TERM; while sleep 1; do :; done" }
`,
  );
  const { id, url } = JSON.parse(polyphase("create", "-c", "config.yml", "--json"));
  const file = (name) => readFileSync(join(home, "experiments", id, name), "utf8").trim();
  while (!existsSync(join(scratch, "env"))) await pause(50);
  const trial = /^POLYPHASE_TOKEN=(.*)$/m.exec(readFileSync(join(scratch, "env"), "utf8"))[1];
  return { id, url, tokens: { trial, viewer: file("viewer-token"), admin: file("token"), none: undefined } };
}

function polyphase(...args) {
  const env = { ...process.env, POLYPHASE_HOME: home };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: scratch,
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`polyphase ${args.join(" ")}: exit code ${status}\n${stderr}`);
  return stdout;
}

/** Resolves to what the report counts; a round that ends without one has failed. */
function fuzz(schemathesis, { url, tokens }, { name, token, options }) {
  console.log(`\n--- what ${name} may ask`);
  const report = join(scratch, `${token}-${name.replace(" ", "-")}.xml`);
  const bearer = tokens[token] === undefined ? [] : ["--header", `Authorization: Bearer ${tokens[token]}`];
  const args = [
    ...["run", join(root, "docs", "openapi.json"), "--url", url, ...bearer, ...options],
    ...["--checks", "all", "--exclude-checks", notOurs.join(","), "--continue-on-failure"],
    ...["--seed", seed, "--request-timeout", "30", "--suppress-health-check", "all", "--no-color"],
    ...["--report", "junit", "--report-junit-path", report],
  ];
  const child = spawn(schemathesis, args, { cwd: scratch, stdio: ["ignore", "pipe", "inherit"] });
  createInterface({ input: child.stdout }).on("line", (line) => console.log(line.slice(0, longestLine)));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(counts(report, status)));
  });
}

function counts(report, status) {
  const text = existsSync(report) ? readFileSync(report, "utf8") : "";
  const count = (key) => Number(new RegExp(`<testsuites[^>]* ${key}="(\\d+)"`).exec(text)?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  const skipped = count("skipped");
  const passed = count("tests") - failed - skipped;
  return { passed, failed: failed === 0 && (status !== 0 || passed === 0) ? 1 : failed, skipped };
}

function add(counted) {
  for (const key of Object.keys(total)) total[key] += counted[key];
}
