/** The places of the smallest numbers, the smallest first; of equal ones the first. */
export function leastPlaces(values: Float64Array, count: number): number[] {
  const places = Array.from(values.keys()).sort((i, j) => values[i]! - values[j]! || i - j);
  return places.slice(0, count);
}
