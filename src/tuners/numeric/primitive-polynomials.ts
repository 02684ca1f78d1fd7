/**
 * The primitive polynomials over GF(2), from x + 1 on, by degree and then by value; coefficients are bits, so that x^3 + x + 1 is
 * 0b1011. It takes degrees up to 30, of which there are many millions.
 */
export function* primitivePolynomials(): Generator<number, never> {
  for (let candidate = 3; ; candidate += 2) if (isPrimitive(candidate)) yield candidate;
}

/** Whether the powers of x modulo the polynomial run through all residues but 0: the order of x is 2^degree - 1. */
function isPrimitive(polynomial: number): boolean {
  const order = 2 ** degreeOf(polynomial) - 1;
  if (powerOfX(order, polynomial) !== 1) return false;
  return primeFactors(order).every((prime) => powerOfX(order / prime, polynomial) !== 1);
}

function degreeOf(polynomial: number): number {
  return 31 - Math.clz32(polynomial);
}

/** x^exponent modulo the polynomial, by squaring. */
function powerOfX(exponent: number, polynomial: number): number {
  let power = 1;
  let square = reduced(2, polynomial);
  for (let rest = exponent; rest > 0; rest >>>= 1) {
    if (rest & 1) power = product(power, square, polynomial);
    square = product(square, square, polynomial);
  }
  return power;
}

function product(one: number, other: number, polynomial: number): number {
  let sum = 0;
  for (let rest = other, shifted = one; rest > 0; rest >>>= 1) {
    if (rest & 1) sum ^= shifted;
    shifted = reduced(shifted << 1, polynomial);
  }
  return sum;
}

/** The remainder of a polynomial whose degree is at most that of the modulus. */
function reduced(value: number, polynomial: number): number {
  return degreeOf(value) === degreeOf(polynomial) ? value ^ polynomial : value;
}

function primeFactors(number: number): number[] {
  const primes: number[] = [];
  let rest = number;
  for (let prime = 2; prime * prime <= rest; prime++) {
    if (rest % prime !== 0) continue;
    primes.push(prime);
    while (rest % prime === 0) rest /= prime;
  }
  return rest > 1 ? [...primes, rest] : primes;
}
