/** Smoothness: sample paths are continuous (0.5), once (1.5) or twice (2.5) differentiable. */
export type Smoothness = 0.5 | 1.5 | 2.5;

/** Below this distance the slope of the kernel for 0.5, which has a cusp at 0, is taken as finite. */
const leastDistance = 1e-8;

/**
 * The Matern correlation as a function of the squared scaled distance s, in place: `squares[i]` becomes M(s).
 * Rasmussen and Williams, "Gaussian Processes for Machine Learning" (2006), eq. 4.17: with a = sqrt(2 nu s)
 *
 * - 0.5: exp(-a)
 * - 1.5: (1 + a) exp(-a)
 * - 2.5: (1 + a + a^2 / 3) exp(-a)
 *
 * @param slopes where given, receives dM/ds: finite at 0 for 1.5 and 2.5
 */
export function matern(nu: Smoothness, squares: Float64Array, count: number, slopes?: Float64Array): void {
  if (nu === 2.5) twice(squares, count, slopes);
  else if (nu === 1.5) once(squares, count, slopes);
  else rough(squares, count, slopes);
}

function twice(squares: Float64Array, count: number, slopes: Float64Array | undefined): void {
  for (let i = 0; i < count; i++) {
    const a = Math.sqrt(5 * squares[i]!);
    const decay = Math.exp(-a);
    squares[i] = (1 + a + (a * a) / 3) * decay;
    if (slopes !== undefined) slopes[i] = (-5 / 6) * (1 + a) * decay;
  }
}

function once(squares: Float64Array, count: number, slopes: Float64Array | undefined): void {
  for (let i = 0; i < count; i++) {
    const a = Math.sqrt(3 * squares[i]!);
    const decay = Math.exp(-a);
    squares[i] = (1 + a) * decay;
    if (slopes !== undefined) slopes[i] = -1.5 * decay;
  }
}

function rough(squares: Float64Array, count: number, slopes: Float64Array | undefined): void {
  for (let i = 0; i < count; i++) {
    const a = Math.sqrt(squares[i]!);
    const decay = Math.exp(-a);
    squares[i] = decay;
    if (slopes !== undefined) slopes[i] = -decay / (2 * Math.max(leastDistance, a));
  }
}
