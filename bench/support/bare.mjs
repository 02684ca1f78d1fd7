import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { scheduled } from "./run-experiment.mjs";

const script = fileURLToPath(new URL("bare-server.mjs", import.meta.url));

/** Calls `body` with the address of a bare HTTP server in a process of its own. */
export async function withBareServer(options, body) {
  const [command, ...args] = scheduled([process.execPath, script], options);
  const server = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const [line] = await once(server.stdout, "data");
    return await body(String(line).trim());
  } finally {
    server.stdin.end();
    await once(server, "exit");
  }
}
