import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Option } from "commander";
import type { ExportView } from "../../model/http.ts";
import { PolyphaseError, messageOf } from "../../model/index.ts";
import { phasesCsv } from "../csv.ts";
import { experimentArgument, withExperiment } from "../experiments.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes, usageError } from "../session.ts";
import { plural } from "../terminal/words.ts";

type Format = "json" | "csv";

interface Options {
  readonly json?: true;
  readonly file: string;
  readonly format?: Format;
}

export const exportCommand: CliCommand<Options> = {
  configure(command) {
    experimentArgument(command)
      .requiredOption("-f, --file <file>", "where to: out.json, out.csv, or - for stdout")
      .addOption(
        new Option("--format <format>", "default: as the file's name ends").choices(["json", "csv"]),
      );
  },
  async run({ operands: [id], options, session }) {
    const { file } = options;
    const format = formatOf(options);
    return withExperiment(session, id, async (client) => {
      const everything = await client.export();
      const pieces = format === "csv" ? phasesCsv(everything.phases) : json(everything);
      if (file === "-") {
        for (const piece of pieces) session.io.stdout.write(piece);
        return exitCodes.ok;
      }
      await writeWhole(file, pieces);
      const counts = { phases: everything.phases.length, trialJobs: everything.trialJobs.length };
      if (options.json === true) session.printJson({ id: everything.experiment.id, file, format, ...counts });
      else
        session.print(
          `${plural(counts.phases, "phase")} of ${plural(counts.trialJobs, "trial job")} in ${file}`,
        );
      return exitCodes.ok;
    });
  },
};

function formatOf({ file, format }: Options): Format {
  if (format !== undefined) return format;
  if (file === "-") return "json";
  const ending = extname(file).toLowerCase();
  if (ending === ".json" || ending === ".csv") return ending.slice(1) as Format;
  throw usageError(
    `expected a file that ends in .json or .csv, got ${JSON.stringify(file)}`,
    "or say --format json",
  );
}

/** The document, one phase a line, in pieces: it may be longer than a string can be. */
function* json({ experiment, trialJobs, phases }: ExportView): Generator<string> {
  yield `{\n"experiment": ${JSON.stringify(experiment, null, 2)},\n"trialJobs": `;
  yield* list(trialJobs);
  yield `,\n"phases": `;
  yield* list(phases);
  yield "\n}\n";
}

function* list(items: readonly object[]): Generator<string> {
  yield "[";
  for (const [place, item] of items.entries()) yield `${place === 0 ? "\n" : ",\n"}${JSON.stringify(item)}`;
  yield "\n]";
}

/** The file is there whole or, after a failure, as it was before. */
export async function writeWhole(file: string, pieces: Iterable<string>): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    await pipeline(Readable.from(pieces), createWriteStream(draft));
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new PolyphaseError("export-failed", `cannot write ${file}: ${messageOf(cause)}`, { cause });
  }
}
