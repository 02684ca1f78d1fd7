/** "Did you mean TPE?" for the name nearest to `word`, undefined where none is near. Case does not count. */
export function didYouMean(word: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
  const nearest = ranked[0];
  if (nearest === undefined || nearest.distance > Math.max(1, nearest.name.length / 3)) return undefined;
  return `Did you mean ${nearest.name}?`;
}

/** Insertions, deletions and replacements between two words (Levenshtein 1966). */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const current = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = previous[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[other.length]!;
}
