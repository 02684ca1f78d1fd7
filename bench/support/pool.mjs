import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("quality-worker.mjs", import.meta.url));

/**
 * Has every task done by one of `jobs` child processes, in order. A task that takes too long, or whose process dies, ends with an
 * error, and the next goes to a new process.
 */
export async function inWorkers(tasks, { jobs, limitMs, done }) {
  const queue = [...tasks];
  const work = async () => {
    let child;
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      child = child?.connected ? child : fork(script);
      const answer = await oneTask(child, task, limitMs);
      if (answer.error !== undefined && !child.connected) child = undefined;
      done(task, answer);
    }
    child?.disconnect();
  };
  await Promise.all(Array.from({ length: jobs }, work));
}

function oneTask(child, task, limitMs) {
  return new Promise((resolve) => {
    const end = (answer) => {
      clearTimeout(timer);
      child.off("message", end);
      child.off("exit", died);
      resolve(answer);
    };
    const died = (code, signal) => end({ error: `the process ended: ${signal ?? code}` });
    const timer = setTimeout(() => {
      child.off("exit", died);
      child.kill("SIGKILL");
      child.once("exit", () => end({ error: `not done after ${limitMs / 1000} s` }));
    }, limitMs);
    child.on("message", end);
    child.on("exit", died);
    child.send(task);
  });
}
