import { stripVTControlCharacters } from "node:util";

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. Default `left`. */
  readonly align?: "left" | "right";
}

/**
 * Rows under their titles, two spaces between columns, without trailing spaces and without a line break at the end.
 * `width`: the last column is cut so that lines fit (not where it holds colours).
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width?: number,
): string {
  const lines = [columns.map((column) => column.title), ...rows.map((row) => row.map(oneLine))];
  const widths = columns.map((_, place) => Math.max(...lines.map((cells) => visible(cells[place] ?? ""))));
  return lines.map((cells) => cut(line(columns, widths, cells), width)).join("\n");
}

/** Names and values below each other; values that are null are left out. */
export function facts(pairs: readonly (readonly [name: string, value: string | null])[]): string {
  const shown = pairs.filter(([, value]) => value !== null);
  const longest = Math.max(0, ...shown.map(([name]) => visible(name)));
  return shown.map(([name, value]) => `${pad(name, longest, "left")}  ${value ?? ""}`).join("\n");
}

/** At most `width` characters; what is cut off shows as `…`. Text with colours is left as it is. */
export function cut(text: string, width: number | undefined): string {
  if (width === undefined || text.length <= width || text !== stripVTControlCharacters(text)) return text;
  return `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** How many columns the text takes (East Asian widths apart). */
export function visible(text: string): number {
  return stripVTControlCharacters(text).length;
}

function line(columns: readonly Column[], widths: readonly number[], cells: readonly string[]): string {
  return columns
    .map((column, place) => pad(cells[place] ?? "", widths[place] ?? 0, column.align ?? "left"))
    .join("  ")
    .trimEnd();
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const spaces = " ".repeat(Math.max(0, width - visible(text)));
  return align === "right" ? spaces + text : text + spaces;
}

/** What comes from outside may hold line breaks and control characters; of those only colours stay. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, " ").replaceAll(/\x1b(?!\[[\d;]*m)|[\x00-\x1a\x1c-\x1f\x7f]/g, "");
}
