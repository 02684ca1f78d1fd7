import { type Dimension, type NumericDimension, PolyphaseError } from "../model/index.ts";

/** The nearest integer; a half goes to the even neighbour, as numpy rounds. */
export function halfToEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest === 0.5) return down % 2 === 0 ? down : down + 1;
  return rest > 0.5 ? down + 1 : down;
}

/**
 * The value of the dimension nearest to `value`: on its grid, inside its bounds. The ends of a grid need not be multiples
 * of q: quniform [2, 10, 5] has the values 2, 5 and 10.
 */
export function snap(dimension: NumericDimension, value: number): number {
  const { q } = dimension;
  return clip(dimension, q === undefined ? value : multiple(halfToEven(value / q), q));
}

/** The values of a finite dimension in ascending order; of a categorical one the indices of its options. */
export function levels(dimension: Dimension): readonly number[] {
  if (dimension.kind === "categorical") return Array.from({ length: dimension.size }, (_, option) => option);
  const { q, low } = dimension;
  if (!Number.isFinite(dimension.levels)) throw endless(dimension);
  if (q === undefined) return [low];
  const first = halfToEven(low / q);
  return Array.from({ length: dimension.levels }, (_, step) => clip(dimension, multiple(first + step, q)));
}

/** How many grid values there are between two bounds. */
export function countLevels(low: number, high: number, q: number): number {
  return halfToEven(high / q) - halfToEven(low / q) + 1;
}

/** k * q without the dust of binary arithmetic (0.30000000000000004). */
function multiple(k: number, q: number): number {
  const product = k * q;
  if (Number.isInteger(product)) return product + 0;
  const rounded = Number(product.toPrecision(12));
  // Twelve digits do not tell neighbours apart where there are very many: the product is kept there.
  const dust = 1e-9 * q + 1e-15 * Math.abs(product);
  return Math.abs(rounded - product) <= dust ? rounded : product;
}

function clip({ low, high }: NumericDimension, value: number): number {
  // The addition turns -0 into 0. NaN stays NaN.
  return (value < low ? low : value > high ? high : value) + 0;
}

function endless(dimension: NumericDimension): PolyphaseError {
  return new PolyphaseError(
    "search-space-endless",
    `${dimension.name} (${dimension.type}) has infinitely many values: they cannot be listed`,
    { hint: "quniform, qloguniform, randint and choice have finitely many values" },
  );
}
