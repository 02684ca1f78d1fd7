import type { Random } from "../../model/index.ts";
import { randomInteger } from "../../model/index.ts";
import { encode, sampleDimension } from "../../space/index.ts";
import type { Columns } from "./columns.ts";

/**
 * The rows with something in all columns: what is not active in a row comes from a random one that has it, together with what
 * else that one has and the row lacks; from the prior where no row has it.
 */
export function withoutGaps(
  { dimensions }: Columns,
  rows: readonly Float64Array[],
  random: Random,
): readonly Float64Array[] {
  if (dimensions.every(({ condition }) => condition === undefined)) return rows;
  const holders = dimensions.map((_, column) => rows.filter((row) => !Number.isNaN(row[column])));
  return rows.map((row) => {
    const whole = row.slice();
    for (const [column, dimension] of dimensions.entries()) {
      if (!Number.isNaN(whole[column])) continue;
      const those = holders[column]!;
      if (those.length === 0) whole[column] = encode(dimension, sampleDimension(dimension, random));
      else fillFrom(whole, those[randomInteger(random, those.length)]!);
    }
    return whole;
  });
}

function fillFrom(whole: Float64Array, other: Float64Array): void {
  for (const [column, code] of other.entries()) if (Number.isNaN(whole[column])) whole[column] = code;
}
