import * as z from "zod";
import type { Page } from "../model/http.ts";

/** The part of a query that every list understands. */
export interface PageQuery {
  readonly cursor: number;
  readonly limit: number;
}

export const pageQuery: { readonly cursor: z.ZodType<number>; readonly limit: z.ZodType<number> } = {
  cursor: z.coerce.number().int().min(0).default(0).describe("`next` of the page before."),
  limit: z.coerce.number().int().min(1).max(1_000).default(100).describe("Most items in the answer."),
};

/** One page of a list; only its own items are turned into views. */
export function pageOf<Item, View>(
  items: readonly Item[],
  { cursor, limit }: PageQuery,
  view: (item: Item) => View,
): Page<View> {
  const end = cursor + limit;
  return {
    items: items.slice(cursor, end).map(view),
    total: items.length,
    next: end < items.length ? end : null,
  };
}
