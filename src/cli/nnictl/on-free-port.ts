import { isPolyphaseError, PolyphaseError } from "../../model/index.ts";

/** Where NNI listens when nothing is said. */
export const defaultPort = 8080;

/** Says what is wrong in NNI's words where somebody else listens on the port already. */
export async function onFreePort<Result>(port: number, start: () => Promise<Result>): Promise<Result> {
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
