import type { Point } from "../../model/index.ts";

/** Which points were evaluated, remembered as one number each. */
export interface Trail {
  add(point: Point): void;
  /** Whether a point is on the trail, or one of these others. */
  with(others: readonly Point[]): (point: Point) => boolean;
}

export function createTrail(): Trail {
  const seen = new Set<number>();
  return {
    add: (point) => void seen.add(fingerprint(point)),
    with(others) {
      const more = new Set(others.map(fingerprint));
      return (point) => {
        const number = fingerprint(point);
        return seen.has(number) || more.has(number);
      };
    },
  };
}

/** 53 bits of the coordinates: two different points of 100,000 share them once in a million times, and then one is bred anew. */
function fingerprint(point: Point): number {
  const words = new Uint32Array(point.buffer, point.byteOffset, 2 * point.length);
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    high = Math.imul(high ^ word, 0x27d4eb2f);
    low = Math.imul(low ^ word ^ (high >>> 15), 0x165667b1);
    high ^= low >>> 13;
  }
  return ((high >>> 11) * 2 ** 32 + (low >>> 0)) % 2 ** 53;
}
