import type { Dimension, FlatSpace } from "../model/index.ts";

/** Dimensions that are always active together: the root of the space, or the content of one nested option. */
export interface Block {
  readonly condition: Dimension["condition"];
  /** In the order of the space. */
  readonly dimensions: readonly Dimension[];
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
  return [...blocks.values()];
}

/** Names the block of a condition. */
export function blockKey(condition: Dimension["condition"]): string {
  return condition === undefined ? "root" : `${condition.parent}=${condition.option}`;
}
