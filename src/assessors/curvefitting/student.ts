/**
 * Distribution function of Student's t with a whole number of degrees of freedom: the finite sums of Abramowitz and Stegun, Handbook
 * of Mathematical Functions, 26.7.3 and 26.7.4.
 */
export function studentCdf(t: number, degrees: number): number {
  if (!Number.isFinite(t)) return t > 0 ? 1 : t < 0 ? 0 : 0.5;
  const angle = Math.atan(t / Math.sqrt(degrees));
  const between = degrees % 2 === 1 ? oddMass(angle, degrees) : evenMass(angle, degrees);
  return Math.min(1, Math.max(0, 0.5 + between / 2));
}

/** The probability of -t .. t, with the sign of t. */
function oddMass(angle: number, degrees: number): number {
  const cosine = Math.cos(angle);
  let term = cosine;
  let sum = degrees === 1 ? 0 : term;
  for (let k = 3; k <= degrees - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  return (2 / Math.PI) * (angle + Math.sin(angle) * sum);
}

function evenMass(angle: number, degrees: number): number {
  const cosine = Math.cos(angle);
  let term = 1;
  let sum = 1;
  for (let k = 2; k <= degrees - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  return Math.sin(angle) * sum;
}
