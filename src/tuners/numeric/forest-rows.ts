/** What a column of a forest's rows holds. */
export type ForestColumn =
  /** Any finite number; splits are thresholds. */
  | { readonly kind: "ordered" }
  /** 0 .. size-1; splits are subsets. */
  | { readonly kind: "unordered"; readonly size: number };

/** The rows that a forest is grown from. */
export interface ForestRows {
  readonly columns: readonly ForestColumn[];
  /** Row after row: `count` x `columns.length` numbers, none of them NaN. */
  readonly cells: Float64Array;
  /** One finite number per row. */
  readonly targets: Float64Array;
  readonly count: number;
}

export interface ForestSettings {
  readonly trees: number;
  /** The part of the columns that is looked at for each split, in (0, 1]; at least one column. */
  readonly columnShare: number;
  /** Nodes of less weight stay whole. A row that was drawn twice weighs 2. */
  readonly leastToSplit: number;
  /** The least weight of a leaf. */
  readonly leastInLeaf: number;
  readonly deepest: number;
  /** Draws with replacement for each tree; undefined: every tree sees every row once. */
  readonly draws: number | undefined;
}
