import type { Point } from "../model/index.ts";

/** The same for equal points only. */
export function nameOf(point: Point): string {
  return point.join();
}
