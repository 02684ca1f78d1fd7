import { spawn } from "node:child_process";
import { once } from "node:events";
import { median } from "./numbers.mjs";
import { monotonic, scheduled } from "./run-experiment.mjs";

/** Seconds that `python3 -c pass` takes, the median of `times`. */
export async function barePython(times, options) {
  const seconds = [];
  for (let i = 0; i < times; i++) {
    const [command, ...args] = scheduled(["python3", "-c", "pass"], options);
    const start = monotonic();
    await once(spawn(command, args, { stdio: "ignore" }), "exit");
    seconds.push(monotonic() - start);
  }
  return median(seconds);
}
