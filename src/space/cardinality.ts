import type { FlatSpace } from "../model/index.ts";

/**
 * How many distinct points there are: a nested option counts only where it is chosen. Infinity where a dimension is
 * continuous, and where there are more than 1e308.
 */
export function cardinality(flat: FlatSpace): number {
  let root = 1;
  // By dimension and option: the product over the dimensions inside. Children stand after their parents.
  const inside = flat.dimensions.map((dimension) =>
    dimension.kind === "categorical" ? new Float64Array(dimension.size).fill(1) : undefined,
  );
  for (const { index, condition, ...dimension } of flat.dimensions.toReversed()) {
    const options = inside[index];
    const count =
      options?.reduce((sum, each) => sum + each, 0) ?? ("levels" in dimension ? dimension.levels : 1);
    const holder = condition && inside[condition.parent];
    if (condition === undefined) root *= count;
    else if (holder !== undefined) holder[condition.option] = (holder[condition.option] ?? 1) * count;
  }
  return root;
}
