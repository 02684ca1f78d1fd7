import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A Python program of bench/peers that answers line by line. */
export function startPeer(python, script) {
  const path = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const child = spawn(python, [path], { env, stdio: ["pipe", "pipe", "pipe"] });
  const waiting = [];
  let words = "";
  child.stderr.on("data", (data) => (words = `${words}${data}`.slice(-2_000)));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { error, ...answer } = JSON.parse(line);
    const { resolve, reject } = waiting.shift();
    if (error === undefined) resolve(answer);
    else reject(new Error(error));
  });
  const end = (why) => waiting.splice(0).forEach(({ reject }) => reject(new Error(why)));
  child.on("error", (error) => end(error.message));
  child.on("close", (code) => end(`${script} ended with ${code}: ${words.trim()}`));
  child.stdin.on("error", () => {}); // `close` tells why
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(message)}\n`);
      }),
    running: () => child.exitCode === null && child.signalCode === null,
    stop: () => child.stdin.end(),
  };
}
