/** How fast something goes at present. */
export interface RateMeter {
  /** Says how many there are by now; gives how many came per second lately, undefined where that is not known yet. */
  measure(now: number, total: number): number | undefined;
}

/** "Lately": long enough to be steady, short enough to be of use. */
const windowMs = 30_000;
const betweenSamplesMs = 500;

export function createRateMeter(): RateMeter {
  const samples: { readonly at: number; readonly total: number }[] = [];
  return {
    measure(now, total) {
      const last = samples.at(-1);
      if (last === undefined || now - last.at >= betweenSamplesMs) samples.push({ at: now, total });
      while ((samples[1]?.at ?? Infinity) <= now - windowMs) samples.shift();
      const first = samples[0];
      if (first === undefined || now - first.at < betweenSamplesMs) return undefined;
      return ((total - first.total) / (now - first.at)) * 1_000;
    },
  };
}
