import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What pip is asked for. Of torch the build without CUDA; the other one is many times as large. */
const requirements = {
  optuna: ["optuna==5.*", "numpy"],
  torch: ["torch==2.13.0+cpu"],
};

/**
 * A Python that has Optuna 5 (or the modules that are named): the one that POLYPHASE_BENCH_PYTHON names, or one in bench/.venv,
 * where they are installed when they are first needed. Undefined where that fails.
 */
export function peerPython(modules = ["optuna"]) {
  const named = process.env["POLYPHASE_BENCH_PYTHON"];
  if (named !== undefined) return modules.every((module) => has(named, module)) ? named : undefined;
  const home = fileURLToPath(new URL("../.venv", import.meta.url));
  const own = `${home}/bin/python`;
  if (!existsSync(own)) spawnSync("python3", ["-m", "venv", home], quiet);
  return modules.every((module) => has(own, module) || installed(own, module)) ? own : undefined;
}

const quiet = { stdio: ["ignore", "ignore", "inherit"] };

function has(python, module) {
  const right = module === "optuna" ? "; assert optuna.__version__ >= '5'" : "";
  return spawnSync(python, ["-c", `import ${module}${right}`]).status === 0;
}

function installed(python, module) {
  console.error(`installing ${module} into bench/.venv ...`);
  const options = ["--quiet", "--disable-pip-version-check", "--retries", "1"];
  spawnSync(python, ["-m", "pip", "install", ...options, ...(requirements[module] ?? [module])], quiet);
  return has(python, module);
}
