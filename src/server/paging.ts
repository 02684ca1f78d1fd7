import * as z from "zod";
import type { Page } from "../model/http.ts";

/** The part of a query that every list understands. */
export interface PageQuery {
  readonly cursor: number;
  readonly limit: number;
}

const largestCount = 2 ** 31 - 1;

export const pageQuery: { readonly cursor: z.ZodType<number>; readonly limit: z.ZodType<number> } = {
  cursor: wholeNumber(0, largestCount).default(0).describe("`next` of the page before."),
  limit: wholeNumber(1, 1_000).default(100).describe("Most items in the answer."),
};

/** Digits and nothing else: an empty text, ` 1`, `1e2` and `0x1` are no numbers here. */
function wholeNumber(least: number, most: number): z.ZodPipe<z.ZodType<number, string>, z.ZodInt> {
  const digits = z.string().regex(/^\d{1,16}$/, `expected a whole number from ${least} to ${most}`);
  return digits.transform(Number).pipe(z.int().min(least).max(most));
}

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
