import type { Random } from "../../model/index.ts";
import { directionNumbers, directions } from "./sobol-directions.ts";

/** A point of [0, 1)^d by its number: 0, 1, 2 ... up to 2^32 - 1. */
export type Sobol = (number: number) => Float64Array;

/** Binary places that scrambled coordinates have beyond the 32 of the sequence: together all that a number holds. */
const morePlaces = 21;

/**
 * The Sobol' sequence in Gray code order (Antonov and Saleev, USSR Comput. Maths. Math. Phys. 19, 1979). With `scrambling`,
 * each coordinate is multiplied by a random lower triangular matrix and shifted by random digits, both over GF(2)
 * (random linear scrambling: Matousek, "On the L2-discrepancy for anchored boxes", J. Complexity 14, 1998): every point is
 * uniform then, and the balance of the sequence is kept.
 */
export function createSobol(dimensions: number, scrambling?: Random): Sobol {
  const columns = Array.from({ length: dimensions }, (_, dimension) => {
    const plain = { high: directionNumbers(dimension), low: new Uint32Array(directions), shift: [0, 0] };
    return scrambling === undefined ? plain : scrambled(plain, scrambling);
  });
  return (number) => {
    const gray = number ^ (number >>> 1);
    return Float64Array.from(columns, (each) => coordinate(each, gray));
  };
}

/** The generator matrix of one dimension by columns, each split into its upper 32 and its lower 21 digits; and the shift. */
interface Columns {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  readonly shift: readonly number[];
}

function coordinate({ high, low, shift }: Columns, gray: number): number {
  let upper = shift[0]!;
  let lower = shift[1]!;
  for (let rest = gray >>> 0, i = 0; rest !== 0; rest >>>= 1, i++) {
    if ((rest & 1) === 0) continue;
    upper ^= high[i]!;
    lower ^= low[i]!;
  }
  return ((upper >>> 0) * 2 ** morePlaces + lower) / 2 ** (32 + morePlaces);
}

function scrambled({ high }: Columns, random: Random): Columns {
  const upper = (): number => Math.floor(random.next() * 2 ** 32);
  const lower = (): number => Math.floor(random.next() * 2 ** morePlaces);
  // Column j of the triangle: nothing above the diagonal, 1 on it, chance below.
  const triangle: Columns = {
    high: Uint32Array.from({ length: 32 }, (_, j) => ((2 ** (31 - j)) | ((upper() >>> j) >>> 1)) >>> 0),
    low: Uint32Array.from({ length: 32 }, lower),
    shift: [0, 0],
  };
  return {
    high: high.map((column) => product(triangle.high, column)),
    low: high.map((column) => product(triangle.low, column)),
    shift: [upper(), lower()],
  };
}

/** The sum of the matrix's columns at which the vector has a 1; the vector's first digit is its highest bit. */
function product(matrix: Uint32Array, vector: number): number {
  let sum = 0;
  for (let j = 0; j < 32; j++) if ((vector >>> (31 - j)) & 1) sum ^= matrix[j]!;
  return sum;
}
