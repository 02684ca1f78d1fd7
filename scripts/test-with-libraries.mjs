// Runs those Python tests that need numpy and pandas with both, in an environment of their own: test-with-libraries.mjs [directory]
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./setup.mjs";

const tests = ["tests.test_values", "tests.test_nni_modules", "tests.test_data_frames", "tests.with_pandas"];
const [directory = tmpdir()] = process.argv.slice(2);
const home = join(directory, "python-libraries");
const python = join(home, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

run(process.env.PYTHON ?? "python3", ["-m", "venv", home]);
run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "numpy", "pandas"]);
run(python, ["-m", "unittest", ...tests], { cwd: join(root, "python") });

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", ...options });
  if (error) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
