/**
 * The candidate that somebody who wrote `word` most likely meant, or undefined. Case, `_` and `-` do not count; else
 * about one slip per three letters is forgiven (and one in any word).
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = plainLetters(word);
  let best: { readonly candidate: string; readonly slips: number } | undefined;
  for (const candidate of candidates) {
    const slips = editDistance(wanted, plainLetters(candidate));
    if (slips < (best?.slips ?? Infinity)) best = { candidate, slips };
  }
  const forgiven = Math.max(1, Math.floor(wanted.length / 3));
  return best !== undefined && best.slips <= forgiven ? best.candidate : undefined;
}

/** `did you mean "maxTrialNum"?`, or undefined. */
export function didYouMean(word: unknown, candidates: readonly string[]): string | undefined {
  const candidate = typeof word === "string" ? closest(word, candidates) : undefined;
  return candidate === undefined ? undefined : `did you mean "${candidate}"?`;
}

function plainLetters(word: string): string {
  return word.slice(0, 80).toLowerCase().replace(/[_-]/g, "");
}

/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(above, j) + 1,
          at(row, j - 1) + 1,
          at(above, j - 1) + (same ? 0 : 1),
          swapped ? at(before, j - 2) + 1 : Infinity,
        ),
      );
    }
    before = above;
    above = row;
  }
  return at(above, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
