import { isPolyphaseError, PolyphaseError } from "../../model/index.ts";
import { freePort } from "../free-port.ts";
import type { Session } from "../session.ts";

/** Where NNI listens when nothing is said. */
export const defaultPort = 8080;

/**
 * Frees the port of a manager whose experiment has ended. Says what is wrong in NNI's words where somebody else listens there
 * already.
 */
export async function onFreePort<Result>(
  session: Session,
  port: number,
  start: () => Promise<Result>,
): Promise<Result> {
  await freePort(session, port);
  try {
    return await start();
  } catch (cause) {
    if (!isPolyphaseError(cause) || cause.code !== "cannot-listen" || !cause.message.includes("EADDRINUSE"))
      throw cause;
    throw new PolyphaseError(
      "port-taken",
      `Port ${port} is used by another process, please reset the port!`,
      { cause, hint: "--port takes another one, and --port 0 any that is free" },
    );
  }
}
