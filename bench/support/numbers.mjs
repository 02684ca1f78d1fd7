/** What lies `part` (0 to 1) of the way through the sorted values. */
export function quantile(values, part) {
  const sorted = [...values].sort((one, other) => one - other);
  const at = part * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

export function median(values) {
  return quantile(values, 0.5);
}

/** Three digits that count, or a whole number. */
export function short(value) {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
