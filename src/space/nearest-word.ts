/** `: did you mean "uniform"?` for the nearest of `words`; empty where none is near. Case, `_` and `-` do not count. */
export function didYouMean(written: string, words: readonly string[]): string {
  const wanted = bare(written);
  let nearest: string | undefined;
  // One slip in four letters, and one in any word.
  let fewest = Math.max(1, Math.floor(wanted.length / 4)) + 1;
  for (const word of words) {
    const slips = slipsBetween(wanted, bare(word));
    if (slips < fewest) [nearest, fewest] = [word, slips];
  }
  return nearest === undefined ? "" : `: did you mean ${JSON.stringify(nearest)}?`;
}

function bare(word: string): string {
  return word.slice(0, 60).toLowerCase().replace(/[_-]/g, "");
}

/** Letters added, lost, replaced, or swapped with their neighbour (optimal string alignment). */
function slipsBetween(one: string, other: string): number {
  const width = other.length + 1;
  const slips = new Uint8Array((one.length + 1) * width);
  const at = (i: number, j: number): number => slips[i * width + j] ?? 0;
  for (let i = 0; i <= one.length; i++) {
    for (let j = 0; j < width; j++) {
      if (i === 0 || j === 0) {
        slips[i * width + j] = i + j;
        continue;
      }
      const same = one[i - 1] === other[j - 1];
      const replaced = at(i - 1, j - 1) + (same ? 0 : 1);
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swap = swapped ? at(i - 2, j - 2) + 1 : replaced;
      slips[i * width + j] = Math.min(replaced, swap, at(i - 1, j) + 1, at(i, j - 1) + 1);
    }
  }
  return at(one.length, other.length);
}
