// Runs every suite, shows what each prints, and sums up what they counted.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "./setup.mjs";

const scratch = mkdtempSync(join(tmpdir(), "polyphase-ci-"));

/** `count` reads the suite's own tally from its output; without one the suite counts as one check. */
const suites = [
  { name: "tests", command: ["npm", "test"], count: countTests },
  { name: "simulation", command: ["node", "scripts/simulate.mjs"], count: countTests },
  { name: "types", command: ["npx", "--no-install", "tsc", "-p", "tsconfig.json"] },
  { name: "lint", command: ["npx", "--no-install", "eslint", "."] },
  { name: "format", command: ["npx", "--no-install", "prettier", "--check", "--log-level", "warn", "."] },
  { name: "generated files", command: ["node", "scripts/generate.mjs", "--check"] },
  { name: "examples", command: ["node", "scripts/run-examples.mjs"], count: countPlainLine },
  { name: "chaos", command: ["npm", "run", "chaos"], count: countTests },
  { name: "fuzzing", command: ["node", "scripts/fuzz.mjs"], count: countPlainLine },
  { name: "package", command: ["node", "scripts/check-package.mjs", scratch] },
  {
    name: "Python libraries",
    command: ["node", "scripts/test-with-libraries.mjs", scratch],
    count: countTests,
  },
  { name: "Node 22", command: ["node", "scripts/test-on-node.mjs", "22", scratch], count: countTests },
  { name: "Node 24", command: ["node", "scripts/test-on-node.mjs", "24", scratch], count: countTests },
  { name: "speed floors", command: ["node", "bench/floors.mjs"], count: countPlainLine },
];

const total = { passed: 0, failed: 0, skipped: 0 };
const broken = [];
for (const suite of suites) add(suite, await runSuite(suite));
rmSync(scratch, { recursive: true, force: true });
for (const { name, output } of broken)
  console.log(`\n=== what ${name} ended with, once more:\n${lastLines(output, 80)}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);

function runSuite({ name, command }) {
  console.log(`\n=== ${name}: ${command.join(" ")}`);
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const [stream, sink] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.on("data", (chunk) => {
        output += chunk;
        sink.write(chunk);
      });
    }
    child.on("error", (error) => resolve({ status: 1, output: String(error), seconds: 0 }));
    child.on("close", (status) => resolve({ status, output, seconds: (performance.now() - started) / 1000 }));
  });
}

/** A suite that failed without a failed test, or that ran no test, counts as a failure. */
function add({ name, count }, { status, output, seconds }) {
  const counted = count
    ? count(stripVTControlCharacters(output))
    : { passed: status === 0 ? 1 : 0, failed: 0, skipped: 0 };
  if (status !== 0 && counted.failed === 0) counted.failed = 1;
  if (counted.passed + counted.failed === 0) counted.failed = 1;
  if (counted.failed > 0) broken.push({ name, output });
  for (const key of Object.keys(total)) total[key] += counted[key];
  console.log(
    `=== ${name}: ${counted.passed} passed, ${counted.failed} failed, ${counted.skipped} skipped in ${seconds.toFixed(0)} s`,
  );
}

function lastLines(text, count) {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

/** Vitest's "Tests  1 failed | 37 passed | 2 skipped (40)" and unittest's "Ran 12 tests ... FAILED (failures=1, skipped=2)". */
function countTests(output) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const [, line] of output.matchAll(/^\s*Tests\s+(.*)$/gm)) {
    for (const key of Object.keys(sum)) sum[key] += Number(new RegExp(`(\\d+) ${key}`).exec(line)?.[1] ?? 0);
  }
  for (const [, ran, verdict] of output.matchAll(/^Ran (\d+) tests? in .*\n+(.*)$/gm)) {
    const part = (key) => Number(new RegExp(`${key}=(\\d+)`).exec(verdict)?.[1] ?? 0);
    const failed = part("failures") + part("errors");
    sum.failed += failed;
    sum.skipped += part("skipped");
    sum.passed += Number(ran) - failed - part("skipped");
  }
  return sum;
}

function countPlainLine(output) {
  const [, passed, failed, skipped] = [
    ...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm),
  ].at(-1) ?? [0, 0, 0, 0];
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}
