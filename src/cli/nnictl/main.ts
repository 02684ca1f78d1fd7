import { isPolyphaseError, messageOf } from "../../model/index.ts";
import type { Io } from "../io.ts";
import { exitCodeOfUsage } from "../main.ts";
import type { Program } from "../program.ts";
import { runProgram } from "../program.ts";
import type { Session } from "../session.ts";
import { createSession, exitCodes } from "../session.ts";
import { catalogue, groups } from "./catalogue.ts";
import { sayError } from "./say.ts";

const program: Program = {
  name: "nnictl",
  description: "The commands of NNI 1.4, for experiments of polyphase; `polyphase` can do more.",
  versionFlags: "-v, --version",
  catalogue,
  groups,
};

/**
 * NNI's command line. `argv` without node and script. Resolves to the exit code: 0 ok, 1 failure, 2 wrong usage, 130 ended by
 * Ctrl-C. Never rejects. Errors are shown on stdout, as NNI does: scripts look for them there.
 */
export async function nnictl(argv: readonly string[], env: NodeJS.ProcessEnv, io: Io): Promise<number> {
  const session = createSession(env, io);
  try {
    return await runProgram(program, argv, session);
  } catch (error) {
    return exitCodeOfUsage(error) ?? failed(session, error);
  }
}

function failed(session: Session, error: unknown): number {
  sayError(session, messageOf(error));
  if (isPolyphaseError(error) && error.hint !== undefined) session.print(error.hint);
  return isPolyphaseError(error) && error.code === "usage" ? exitCodes.usage : exitCodes.failure;
}
