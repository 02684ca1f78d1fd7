/** Numbers, times and parameters as people read them. */
import { printable } from "../../model/printable.ts";

/** `0.40 s`, `12 s`, `3 min 05 s`, `2 h 04 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1_000).toFixed(ms < 1_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${two(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Up to six significant digits; the words "NaN", "Infinity" as they are; `-` for null. */
export function number(value: number | string | null): string {
  if (value === null) return "-";
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : value;
}

/** `12,345` */
export function count(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** `0.25`, `3.1`, `148`: events per second. */
export function rate(perSecond: number): string {
  if (perSecond >= 100) return count(Math.round(perSecond));
  return perSecond.toFixed(perSecond < 1 ? 2 : 1);
}

/** `1 phase`, `2 phases`. */
export function plural(value: number, word: string): string {
  return `${count(value)} ${word}${value === 1 ? "" : "s"}`;
}

/** `2025-11-23 23:40:05`, local time; `-` for null. */
export function time(ms: number | null): string {
  if (ms === null) return "-";
  const date = new Date(ms);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** More are counted, not shown: `best --json` and `export` have them all. */
const mostParameters = 50;
/** Characters of one value. */
const longestValue = 200;

/** `lr=0.01 layer/_name=conv layer/size=3`; what is not an object as JSON. */
export function parameters(value: unknown): string {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return shortened(JSON.stringify(value));
  const all = Object.entries(flattened(value));
  const shown = all
    .slice(0, mostParameters)
    .map(([name, part]) => `${shortened(name)}=${typeof part === "number" ? number(part) : scalar(part)}`);
  if (all.length > mostParameters) shown.push(`... and ${count(all.length - mostParameters)} more`);
  return shown.join(" ");
}

/** Nested objects as one, names joined by `/`. Lists stay lists, empty objects stay. */
export function flattened(value: object, prefix = ""): { [name: string]: unknown } {
  const flat: [string, unknown][] = Object.entries(value).flatMap(([key, part]: [string, unknown]) => {
    const nested = part !== null && typeof part === "object" && !Array.isArray(part);
    if (!nested || Object.keys(part).length === 0) return [[`${prefix}${key}`, part]];
    return Object.entries(flattened(part, `${prefix}${key}/`));
  });
  return Object.fromEntries(flat);
}

function scalar(value: unknown): string {
  return shortened(typeof value === "string" ? value : JSON.stringify(value));
}

function shortened(text: string): string {
  const left = text.length - longestValue;
  const shown = printable(text.slice(0, longestValue)).replaceAll(/\s/g, " ");
  return left > 0 ? `${shown}... and ${count(left)} more characters` : shown;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
