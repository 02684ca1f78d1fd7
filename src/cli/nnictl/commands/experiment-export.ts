import { Option } from "commander";
import type { NniPoint } from "../../../client/index.ts";
import { isObject } from "../../../model/index.ts";
import { respellBareNumbers } from "../../bare-numbers.ts";
import { csvRow } from "../../csv.ts";
import { writeWhole } from "../../commands/export.ts";
import type { CliCommand } from "../../session.ts";
import { exitCodes } from "../../session.ts";
import { flattened } from "../../terminal/words.ts";
import { idArgument } from "../choose.ts";
import { sayInfo } from "../say.ts";
import { withChosen } from "../with-chosen.ts";

interface Options {
  readonly type: "json" | "csv";
  readonly filename: string;
}

export const experimentExportCommand: CliCommand<Options> = {
  configure(command) {
    idArgument(command)
      .addOption(
        new Option("-t, --type <type>", "format of the file").choices(["json", "csv"]).makeOptionMandatory(),
      )
      .requiredOption("-f, --filename <file>", "where to");
  },
  async run({ operands: [id], options: { type, filename }, session }) {
    return withChosen(session, id, async ({ nni }) => {
      const points = await nni.exportData();
      await writeWhole(filename, type === "csv" ? pointsCsv(points) : [JSON.stringify(points)]);
      sayInfo(session, `Export trial results of ${points.length} configurations to ${filename} success!`);
      return exitCodes.ok;
    });
  },
};

/** Parameters, `id` and `reward`, and what else is in results that are objects. */
export function* pointsCsv(points: readonly NniPoint[]): Generator<string> {
  const rows = points.map(cells);
  const titles = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  yield csvRow(titles);
  for (const row of rows) yield csvRow(titles.map((title) => row[title]));
}

function cells({ parameter, value, id }: NniPoint): { readonly [title: string]: unknown } {
  const parameters = isObject(parameter) ? flattened(parameter) : { parameter };
  const result = read(value);
  if (!isObject(result)) return { ...parameters, id, reward: result };
  const { default: reward, ...more } = result;
  return { ...parameters, id, reward, ...more };
}

/** NaN and the infinities become text, also within objects and lists. */
function read(value: string): unknown {
  return JSON.parse(respellBareNumbers(value, (name) => `"${name}"`));
}
