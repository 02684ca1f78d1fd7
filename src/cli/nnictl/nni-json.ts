import { time } from "../terminal/words.ts";

/** JSON laid out as nnictl does: four spaces, sorted keys, no space after the colon. */
export function nniJson(value: unknown): string {
  // Every key begins a line, and no string holds a line break of its own.
  return JSON.stringify(sorted(value), null, 4).replaceAll(/^(\s*"(?:[^"\\]|\\.)*"): /gm, "$1:");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, sorted(member)]));
}

/** `2020/02/19 08:30:00`, local time. */
export function nniTime(ms: number): string {
  return time(ms).replaceAll("-", "/");
}

interface Times {
  readonly startTime?: number;
  readonly endTime?: number;
}

/** The same, with its times as people read them. */
export function withDates<Part extends Times>(part: Part): object {
  const { startTime, endTime } = part;
  return {
    ...part,
    ...(startTime === undefined ? {} : { startTime: nniTime(startTime) }),
    ...(endTime === undefined ? {} : { endTime: nniTime(endTime) }),
  };
}
