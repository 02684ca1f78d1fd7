import type { Client, LogStream } from "../../client/index.ts";
import { withExperiment } from "../experiments.ts";
import { follow } from "../follow.ts";
import type { CliCommand, Session } from "../session.ts";
import { exitCodes } from "../session.ts";
import { memberArguments, memberOperands, trialJob } from "../member-operands.ts";

interface Options {
  readonly json?: true;
  readonly stderr?: true;
  readonly follow?: true;
}

export const trialLogCommand: CliCommand<Options> = {
  configure(command) {
    memberArguments(command, trialJob)
      .option("--stderr", "what it wrote to stderr; default: stdout")
      .option("-f, --follow", "go on until the trial job has ended");
  },
  async run({ operands, options, session }) {
    const { id, member: trialJobId } = memberOperands(operands, trialJob);
    const stream: LogStream = options.stderr === true ? "stderr" : "stdout";
    return withExperiment(session, id, async (client) => {
      if (options.json === true) await printAsJson(session, client, { trialJobId, stream });
      else
        await follow(session.io, {
          read: () => client.trialJobLog(trialJobId, stream),
          goesOn: async () => options.follow === true && (await client.trialJob(trialJobId)).endTime === null,
        });
      return exitCodes.ok;
    });
  },
};

async function printAsJson(
  session: Session,
  client: Client,
  { trialJobId, stream }: { readonly trialJobId: string; readonly stream: LogStream },
): Promise<void> {
  const pieces: string[] = [];
  for await (const piece of client.trialJobLog(trialJobId, stream)) pieces.push(piece);
  session.printJson({ trialJobId, stream, text: pieces.join("") });
}
