import type { Dimension, FlatSpace } from "../model/index.ts";

/** Dimensions that are always active together: the root of the space, or the content of one nested option. */
export interface Block {
  readonly condition: Dimension["condition"];
  /** In the order of the space. */
  readonly dimensions: readonly Dimension[];
  /** Whether an option of one of its dimensions has a block of its own. */
  readonly opensOthers: boolean;
}

/** The blocks of a space; a block stands after the block that holds its parent. */
export function blocksOf(flat: FlatSpace): readonly Block[] {
  const blocks = new Map<string, { condition: Dimension["condition"]; dimensions: Dimension[] }>();
  for (const dimension of flat.dimensions) {
    const { condition } = dimension;
    const key = blockKey(condition);
    const block = blocks.get(key) ?? { condition, dimensions: [] };
    block.dimensions.push(dimension);
    blocks.set(key, block);
  }
  const parents = new Set(flat.dimensions.map(({ condition }) => condition?.parent));
  return [...blocks.values()].map((block) => ({
    ...block,
    opensOthers: block.dimensions.some(({ index }) => parents.has(index)),
  }));
}

/** Names the block of a condition. */
export function blockKey(condition: Dimension["condition"]): string {
  return condition === undefined ? "root" : `${condition.parent}=${condition.option}`;
}
