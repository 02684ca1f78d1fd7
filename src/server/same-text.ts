import { hash, timingSafeEqual } from "node:crypto";

/** In a time that does not depend on where the texts differ. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(hash("sha256", a, "buffer"), hash("sha256", b, "buffer"));
}
