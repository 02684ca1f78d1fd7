/** Rounds as numpy does. A value that is off a half by float dust only is on it. */
export function halfToEven(x: number): number {
  const exact = Number(x.toPrecision(14));
  const down = Math.floor(exact);
  const rest = exact - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}
