/**
 * Distribution function of the standard normal, to 1e-14 of its value down to x = -8, and 2e-13 far in the lower tail.
 * Rational approximations of erfc: Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969).
 */
export function normalCdf(x: number): number {
  const z = Math.abs(x) * Math.SQRT1_2;
  if (z <= 0.46875) return 0.5 + 0.5 * Math.sign(x) * erfNearZero(z);
  const tail = 0.5 * (z <= 4 ? erfcMiddle(z) : erfcTail(z));
  return x < 0 ? tail : 1 - tail;
}

/**
 * Inverse of {@link normalCdf}, to about 1e-15: -Infinity at 0, Infinity at 1, NaN outside [0, 1].
 * Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988).
 */
export function normalQuantile(p: number): number {
  const fromMiddle = p - 0.5;
  if (Math.abs(fromMiddle) <= 0.425) {
    const r = 0.180625 - fromMiddle * fromMiddle;
    return (fromMiddle * polynomial(central.above, r)) / polynomial(central.below, r);
  }
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  const tail =
    r <= 5
      ? polynomial(outer.above, r - 1.6) / polynomial(outer.below, r - 1.6)
      : polynomial(far.above, r - 5) / polynomial(far.below, r - 5);
  return fromMiddle < 0 ? -tail : tail;
}

function erfNearZero(z: number): number {
  const square = z * z;
  return (z * polynomial(erfNear.above, square)) / polynomial(erfNear.below, square);
}

function erfcMiddle(z: number): number {
  return (expOfMinusSquare(z) * polynomial(erfcMid.above, z)) / polynomial(erfcMid.below, z);
}

function erfcTail(z: number): number {
  if (z > 27.3) return 0;
  const inverse = 1 / (z * z);
  const correction = (inverse * polynomial(erfcFar.above, inverse)) / polynomial(erfcFar.below, inverse);
  return (expOfMinusSquare(z) * (1 / Math.sqrt(Math.PI) - correction)) / z;
}

/** exp(-z^2) without the digits that squaring a large z loses: z is split into sixteenths and a rest. */
function expOfMinusSquare(z: number): number {
  const coarse = Math.trunc(z * 16) / 16;
  return Math.exp(-coarse * coarse) * Math.exp(-(z - coarse) * (z + coarse));
}

/** Horner's scheme; the coefficient of the highest power comes first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

interface Ratio {
  readonly above: readonly number[];
  readonly below: readonly number[];
}

// prettier-ignore
const erfNear: Ratio = {
  above: [1.85777706184603153e-1, 3.1611237438705656, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3],
  below: [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3],
};
// prettier-ignore
const erfcMid: Ratio = {
  above: [
    2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2,
    8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
  ],
  below: [
    1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
    3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
  ],
};
// prettier-ignore
const erfcFar: Ratio = {
  above: [
    1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
    1.60837851487422766e-2, 6.58749161529837803e-4,
  ],
  below: [
    1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3,
  ],
};
// prettier-ignore
const central: Ratio = {
  above: [
    2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
    1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.387132872796366608,
  ],
  below: [
    5.226495278852854561e3, 2.8729085735721942674e4, 3.930789580009271061e4, 2.1213794301586595867e4,
    5.3941960214247511077e3, 6.871870074920579083e2, 4.2313330701600911252e1, 1,
  ],
};
// prettier-ignore
const outer: Ratio = {
  above: [
    7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  ],
  below: [
    1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 1.4810397642748007459e-1,
    6.8976733498510000455e-1, 1.6763848301838038494, 2.05319162663775882187, 1,
  ],
};
// prettier-ignore
const far: Ratio = {
  above: [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3, 2.6532189526576123093e-2,
    2.9656057182850489123e-1, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
  ],
  below: [
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    1.48753612908506148525e-2, 1.3692988092273580531e-1, 5.9983220655588793769e-1, 1,
  ],
};
