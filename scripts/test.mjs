// The README's second command: compiles and runs the tests of both languages. Arguments go to vitest.
import { spawnSync } from "node:child_process";
import { root, setUp } from "./setup.mjs";

setUp();
const vitest = runVitest(process.argv.slice(2));
const python = process.argv.length > 2 ? 0 : runPython();
process.exit(vitest || python);

function runVitest(args) {
  return (
    spawnSync("npx", ["--no-install", "vitest", "run", ...args], { cwd: root, stdio: "inherit" }).status ?? 1
  );
}

function runPython() {
  const python = process.env.PYTHON ?? "python3";
  const args = ["-m", "unittest", "discover", "-s", "python/tests", "-t", "python"];
  const { status, error } = spawnSync(python, args, { cwd: root, stdio: "inherit" });
  if (error) console.error(`the Python tests need Python 3.8 or later as ${python}: ${error.message}`);
  return status ?? 1;
}
