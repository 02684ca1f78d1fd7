import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port of 127.0.0.1 that is free, and stays so between a close and the next listen: it lies below those that systems give
 * to outgoing connections and to whoever asks for any port (32768 and up on Linux, 49152 elsewhere).
 */
export async function portOfOurOwn(): Promise<number> {
  while (!(await isFree(next))) next = next + 1 < last ? next + 1 : first;
  return next++;
}

const first = 20_000;
const last = 32_000;

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
