import type { CurveData } from "./fit-linear.ts";

/** A curve's numbers, their mean and how far they lie apart. */
export interface Scale {
  readonly middle: number;
  /** Positive, also for constants. */
  readonly range: number;
}

/** Undefined where there is no number, or where they lie further apart than numbers go. */
export function scaleOf({ y }: CurveData): Scale | undefined {
  let most = -Infinity;
  let least = Infinity;
  let middle = 0;
  for (const value of y) {
    most = Math.max(most, value);
    least = Math.min(least, value);
    middle += value / y.length;
  }
  if (!Number.isFinite(most - least)) return undefined;
  return { middle, range: most > least ? most - least : Math.abs(most) || 1 };
}

/** The curve with a range of 1; around 0 where the family can shift. */
export function toScale({ x, y }: CurveData, scale: Scale, shifts: boolean): CurveData {
  const origin = shifts ? scale.middle : 0;
  return { x, y: y.map((value) => (value - origin) / scale.range) };
}

/** The value that became `y`. */
export function fromScale(y: number, scale: Scale, shifts: boolean): number {
  return y * scale.range + (shifts ? scale.middle : 0);
}
