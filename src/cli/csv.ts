import type { PhaseView } from "../model/http.ts";
import { flattened } from "./terminal/words.ts";

/** The columns before the parameters. Times are ISO 8601. */
const fixed = {
  parameterId: (phase) => phase.parameterId,
  trialJobId: (phase) => phase.trialJobId,
  parameterIndex: (phase) => phase.parameterIndex,
  outcome: (phase) => phase.outcome,
  objective: (phase) => phase.objective,
  startTime: (phase) => isoTime(phase.startTime),
  endTime: (phase) => isoTime(phase.endTime),
  reason: (phase) => phase.reason,
  finalResult: (phase) => phase.finalResult,
} as const satisfies { readonly [column: string]: (phase: PhaseView) => unknown };

/** Their titles. All other columns are parameters. */
export const fixedColumns: readonly string[] = Object.keys(fixed);

/**
 * One line per phase, as RFC 4180 says. Nested parameters are flattened, their names joined by `/`; one that is called
 * like another column stands under `parameters/NAME`; parameters that are no object stand under `parameters`, as JSON.
 */
export function* phasesCsv(phases: readonly PhaseView[]): Generator<string> {
  const names = new Set(phases.flatMap((phase) => Object.keys(parameterCells(phase))));
  yield csvRow([...Object.keys(fixed), ...names]);
  for (const phase of phases) {
    const cells = parameterCells(phase);
    yield csvRow([
      ...Object.values(fixed).map((value) => value(phase)),
      ...Array.from(names, (name) => (Object.hasOwn(cells, name) ? cells[name] : null)),
    ]);
  }
}

function parameterCells({ parameters }: PhaseView): { readonly [column: string]: unknown } {
  if (parameters === null || typeof parameters !== "object" || Array.isArray(parameters))
    return { parameters };
  const pairs = Object.entries(flattened(parameters));
  return Object.fromEntries(
    pairs.map(([name, value]) => [Object.hasOwn(fixed, name) ? `parameters/${name}` : name, value]),
  );
}

/** One line of a table. */
export function csvRow(values: readonly unknown[]): string {
  return `${values.map(cell).join(",")}\r\n`;
}

function cell(value: unknown): string {
  const text = cellText(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A value in a cell, before it is quoted. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
