import { randomInteger, seeded } from "../../model/index.ts";
import { joeKuoNumbers } from "./joe-kuo-numbers.ts";
import { primitivePolynomials } from "./primitive-polynomials.ts";

/** Direction numbers per dimension: the sequence has 2^32 points. */
export const directions = 32;

/** Beyond the published numbers the initial ones are drawn, always the same: no dimension depends on how many there are. */
const seedBeyond = 2008;

/**
 * The direction numbers of one dimension, from 0; the first digit after the point is the highest bit. Dimension 0 is van der
 * Corput's sequence. The next 336 start from the numbers of Joe and Kuo, which are chosen for good two-dimensional
 * projections; those beyond from random odd ones, of which any make a (t, s)-sequence (Sobol', USSR Comput. Maths. Math.
 * Phys. 7, 1967; so does Jaeckel, "Monte Carlo Methods in Finance", 2002, chapter 8).
 */
export function directionNumbers(dimension: number): Uint32Array {
  if (dimension === 0) return Uint32Array.from({ length: directions }, (_, i) => 2 ** (31 - i));
  const { polynomial, initial } = startOf(dimension);
  return extended(polynomial, initial);
}

interface Start {
  /** Its coefficients as bits. */
  readonly polynomial: number;
  /** m_1, m_2 ... as many as the polynomial's degree: m_i is odd and below 2^i. */
  readonly initial: readonly number[];
}

const starts: Start[] = [];
const polynomials = primitivePolynomials();
const published = joeKuoNumbers();
const drawn = seeded(seedBeyond);
let taken = 0;

function startOf(dimension: number): Start {
  while (starts.length < dimension) {
    const polynomial = polynomials.next().value;
    const degree = 31 - Math.clz32(polynomial);
    const initial =
      taken < published.length
        ? published.slice(taken, taken + degree)
        : Array.from({ length: degree }, (_, i) => 2 * randomInteger(drawn, 2 ** i) + 1);
    taken += degree;
    starts.push({ polynomial, initial });
  }
  return starts[dimension - 1]!;
}

/** v_k = a_1 v_(k-1) + ... + a_(s-1) v_(k-s+1) + v_(k-s) + v_(k-s) / 2^s over GF(2) (Joe and Kuo, "Notes on generating Sobol' sequences", 2008). */
function extended(polynomial: number, initial: readonly number[]): Uint32Array {
  const degree = initial.length;
  const numbers = new Uint32Array(directions);
  for (let k = 0; k < degree; k++) numbers[k] = initial[k]! * 2 ** (31 - k);
  for (let k = degree; k < directions; k++) {
    const oldest = numbers[k - degree]!;
    let sum = oldest ^ (oldest >>> degree);
    for (let i = 1; i < degree; i++) if ((polynomial >>> (degree - i)) & 1) sum ^= numbers[k - i]!;
    numbers[k] = sum;
  }
  return numbers;
}
