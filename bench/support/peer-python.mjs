import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A Python that has Optuna 5: the one that POLYPHASE_BENCH_PYTHON names, or one in bench/.venv, made when it is first needed. */
export function peerPython() {
  const named = process.env["POLYPHASE_BENCH_PYTHON"];
  if (named !== undefined) return named;
  const home = fileURLToPath(new URL("../.venv", import.meta.url));
  const own = `${home}/bin/python`;
  const hasOptuna = () =>
    spawnSync(own, ["-c", "import optuna; assert optuna.__version__ >= '5'"]).status === 0;
  if (existsSync(own) && hasOptuna()) return own;
  console.error("installing Optuna 5 into bench/.venv ...");
  const quiet = { stdio: ["ignore", "ignore", "inherit"] };
  spawnSync("python3", ["-m", "venv", home], quiet);
  const install = [
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--retries",
    "1",
    "optuna==5.*",
    "numpy",
  ];
  spawnSync(own, ["-m", "pip", ...install], quiet);
  return hasOptuna() ? own : undefined;
}
