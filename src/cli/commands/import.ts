import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { Client } from "../../client/index.ts";
import type { ImportAnswer } from "../../model/http.ts";
import type { ObservedPoint } from "../../model/index.ts";
import { spell } from "../../model/index.ts";
import { openRunning, selectExperiment } from "../experiments.ts";
import { readRows } from "../import/read-rows.ts";
import type { Member } from "../member-operands.ts";
import { memberArguments, memberOperands } from "../member-operands.ts";
import { onceMore } from "../once-more.ts";
import { readUserFile } from "../read-file.ts";
import type { CliCommand } from "../session.ts";
import { exitCodes } from "../session.ts";
import { count, plural } from "../terminal/words.ts";

const rowsFile: Member = { name: "FILE", meaning: "JSON or CSV as export writes it, or NNI's JSON" };

export const importCommand: CliCommand<{ readonly json?: true }> = {
  configure: (command: Command) => void memberArguments(command, rowsFile),
  async run({ operands, options, session }) {
    const { id, member: file } = memberOperands(operands, rowsFile);
    const client = openRunning(session, selectExperiment(session, id));
    const text = await readUserFile(file);
    const { rows, withoutResult } = readRows(text, file, await client.searchSpace());
    const answer = await importAll(client, rows);
    if (options.json === true) session.printJson({ ...answer, withoutResult });
    else session.print(summary(answer, rows.length + withoutResult, withoutResult));
    return exitCodes.ok;
  },
};

/** Characters in one request: well below what a manager takes. */
const mostInRequest = 2_000_000;

/** Piece by piece. */
export async function importAll(client: Client, rows: readonly ObservedPoint[]): Promise<ImportAnswer> {
  const sum = { taken: 0, outside: 0, withoutObjective: 0 };
  for (const piece of pieces(rows)) {
    const requestId = randomUUID();
    const answer = await onceMore(() => client.importRows({ rows: piece, requestId }));
    sum.taken += answer.taken;
    sum.outside += answer.outside;
    sum.withoutObjective += answer.withoutObjective;
  }
  return sum;
}

function* pieces(rows: readonly ObservedPoint[]): Generator<readonly ObservedPoint[]> {
  let piece: ObservedPoint[] = [];
  let size = 0;
  for (const row of rows) {
    const length = spell(row).length;
    if (size + length > mostInRequest && piece.length > 0) {
      yield piece;
      [piece, size] = [[], 0];
    }
    piece.push(row);
    size += length;
  }
  if (piece.length > 0) yield piece;
}

/** `imported 8 of 12 rows: 1 has no result, 3 lie outside of the search space` */
function summary(
  { taken, outside, withoutObjective }: ImportAnswer,
  all: number,
  withoutResult: number,
): string {
  const notes = [
    [withoutResult, "without a result"],
    [outside, "outside of the search space"],
    [withoutObjective, "whose value lacks an objective"],
  ] as const;
  const told = notes.filter(([number]) => number > 0).map(([number, what]) => `${count(number)} ${what}`);
  return `imported ${count(taken)} of ${plural(all, "row")}${told.length === 0 ? "" : `: ${told.join(", ")}`}`;
}
