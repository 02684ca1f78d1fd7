/** Slows down whoever guesses tokens. It is asked only after a token was found wrong, so that good ones always pass. */
export interface BadTokens {
  /** One more wrong token from this address. Milliseconds until the next one is looked at: 0 while few have come. */
  count(address: string, now: number): number;
}

/** An address may send 20 wrong tokens at once, and as many in each minute. */
const fullMs = 60_000;
const tryMs = fullMs / 20;

/** How many addresses are remembered. Who comes from more than these is no single guesser, and 256 bits withstand many. */
const addressesKept = 1_000;

/** What an address has left to spend: a try costs what one is refilled in. */
interface Bucket {
  readonly leftMs: number;
  readonly at: number;
}

/** A token bucket for each address; the one that was heard of longest ago is forgotten first. */
export function badTokens(): BadTokens {
  const buckets = new Map<string, Bucket>();
  return {
    count(address, now) {
      const from = networkOf(address);
      const { leftMs, at } = buckets.get(from) ?? { leftMs: fullMs, at: now };
      const hasMs = Math.min(fullMs, leftMs + Math.max(0, now - at));
      const waitMs = Math.max(0, tryMs - hasMs);
      buckets.delete(from);
      buckets.set(from, { leftMs: waitMs > 0 ? hasMs : hasMs - tryMs, at: now });
      for (const oldest of buckets.keys()) {
        if (buckets.size <= addressesKept) break;
        buckets.delete(oldest);
      }
      return waitMs;
    },
  };
}

/** Whoever has one IPv6 address has its whole /64. */
function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.split("::");
  const first = head.split(":");
  const last = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::")
    ? Array<string>(Math.max(0, 8 - first.length - last.length)).fill("0")
    : [];
  return [...first, ...zeros, ...last].slice(0, 4).join(":");
}
