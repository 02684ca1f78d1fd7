import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/**
 * A port of 127.0.0.1 that is free, and stays so between a close and the next listen: it lies below those that systems give
 * to outgoing connections and to whoever asks for any port (16000 and up at the lowest, 32768 on most).
 */
export async function portOfOurOwn(): Promise<number> {
  while (!(await isFree(next))) next = next + 1 < last ? next + 1 : first;
  return next++;
}

/**
 * Listens, and does so again for a while where the port is said to be taken. A process that another thread is just starting
 * has copies of all our sockets until it runs its program, and so holds a port for a moment after we have closed it.
 */
export async function onceFree<T>(listen: () => Promise<T>): Promise<T> {
  const end = performance.now() + 10_000;
  for (;;) {
    try {
      return await listen();
    } catch (error) {
      if (!isTaken(error) || performance.now() > end) throw error;
      await delay(5);
    }
  }
}

const first = 10_000;
const last = 15_900;

/** Test processes begin at different places, so that they seldom meet. */
let next = first + ((process.pid * 16) % (last - first));

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}

/** The error of the system, or one of ours that was caused by it. */
function isTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === "EADDRINUSE") || isTaken(error.cause);
}
