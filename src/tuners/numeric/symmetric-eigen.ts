/** A symmetric matrix as its eigenvalues and orthonormal eigenvectors. */
export interface SymmetricEigen {
  /** In no particular order. */
  readonly values: Float64Array;
  /** Row j, the numbers j * size .. j * size + size - 1, is the eigenvector of value j. */
  readonly vectors: Float64Array;
}

/**
 * Householder's reduction to tridiagonal form, then QL steps with implicit shifts: tred2 and tql2 of EISPACK (Bowdler, Martin,
 * Reinsch and Wilkinson, Numerische Mathematik 11, 1968). Vectors are kept as rows, so that every inner loop runs along
 * memory. About 9 size^3 operations.
 * @param matrix size * size numbers; it is not changed
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  const vectors = matrix.slice();
  const values = new Float64Array(size);
  const beside = new Float64Array(size);
  if (size > 0) {
    reduce(vectors, values, beside);
    accumulate(vectors, values);
    diagonalise(vectors, values, beside);
  }
  return { values, vectors };
}

/** To tridiagonal form: the reflections stay in `v`, their lengths in `d`, what stands beside the diagonal in `e`. */
function reduce(v: Float64Array, d: Float64Array, e: Float64Array): void {
  const n = d.length;
  for (let j = 0; j < n; j++) d[j] = v[j * n + n - 1]!;
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]!);
    d[i] = scale === 0 ? skipColumn(v, d, e, i) : reflect(v, { d, e, i, scale });
  }
}

/** Nothing to reflect: everything left of the diagonal is zero. */
function skipColumn(v: Float64Array, d: Float64Array, e: Float64Array, i: number): number {
  const n = d.length;
  e[i] = d[i - 1]!;
  for (let j = 0; j < i; j++) {
    d[j] = v[j * n + i - 1]!;
    v[j * n + i] = 0;
    v[i * n + j] = 0;
  }
  return 0;
}

interface Reflection {
  readonly d: Float64Array;
  readonly e: Float64Array;
  readonly i: number;
  readonly scale: number;
}

/** One Householder reflection from both sides; half its squared length. */
function reflect(v: Float64Array, { d, e, i, scale }: Reflection): number {
  const n = d.length;
  let h = 0;
  for (let k = 0; k < i; k++) h += (d[k]! /= scale) ** 2;
  const last = d[i - 1]!;
  const root = last > 0 ? -Math.sqrt(h) : Math.sqrt(h);
  e[i] = scale * root;
  h -= last * root;
  d[i - 1] = last - root;
  e.fill(0, 0, i);
  for (let j = 0; j < i; j++) {
    const f = d[j]!;
    const row = j * n;
    v[i * n + j] = f;
    let g = e[j]! + v[row + j]! * f;
    for (let k = j + 1; k < i; k++) {
      g += v[row + k]! * d[k]!;
      e[k]! += v[row + k]! * f;
    }
    e[j] = g;
  }
  let product = 0;
  for (let j = 0; j < i; j++) product += (e[j]! /= h) * d[j]!;
  const share = product / (h + h);
  for (let j = 0; j < i; j++) e[j]! -= share * d[j]!;
  for (let j = 0; j < i; j++) {
    const f = d[j]!;
    const g = e[j]!;
    const row = j * n;
    for (let k = j; k < i; k++) v[row + k]! -= f * e[k]! + g * d[k]!;
    d[j] = v[row + i - 1]!;
    v[row + i] = 0;
  }
  return h;
}

/** The product of the reflections, as rows; the diagonal goes to `d`. */
function accumulate(v: Float64Array, d: Float64Array): void {
  const n = d.length;
  for (let i = 0; i < n - 1; i++) {
    const next = (i + 1) * n;
    v[i * n + n - 1] = v[i * n + i]!;
    v[i * n + i] = 1;
    const h = d[i + 1]!;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = v[next + k]! / h;
      for (let row = 0; row <= i * n; row += n) {
        let g = 0;
        for (let k = 0; k <= i; k++) g += v[next + k]! * v[row + k]!;
        for (let k = 0; k <= i; k++) v[row + k]! -= g * d[k]!;
      }
    }
    v.fill(0, next, next + i + 1);
  }
  for (let j = 0; j < n; j++) {
    d[j] = v[j * n + n - 1]!;
    v[j * n + n - 1] = 0;
  }
  v[n * n - 1] = 1;
}

/** QL steps until nothing is left beside the diagonal. */
function diagonalise(v: Float64Array, d: Float64Array, e: Float64Array): void {
  const n = d.length;
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  let shift = 0;
  let largest = 0;
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]!) + Math.abs(e[l]!));
    const negligible = Number.EPSILON * largest;
    let m = l;
    while (m < n - 1 && Math.abs(e[m]!) > negligible) m += 1;
    // Two steps are usual; a hundred mean that the matrix holds no numbers.
    for (let step = 0; m > l && step < 100; step++) {
      shift += qlStep(v, { d, e, l, m });
      if (!(Math.abs(e[l]!) > negligible)) break;
    }
    d[l]! += shift;
    e[l] = 0;
  }
}

interface QlBlock {
  readonly d: Float64Array;
  readonly e: Float64Array;
  readonly l: number;
  readonly m: number;
}

/** One QL step on the rows l .. m; the shift that was taken off the diagonal. */
function qlStep(v: Float64Array, { d, e, l, m }: QlBlock): number {
  const n = d.length;
  const first = d[l]!;
  let p = (d[l + 1]! - first) / (2 * e[l]!);
  const signed = p < 0 ? p - Math.sqrt(p * p + 1) : p + Math.sqrt(p * p + 1);
  d[l] = e[l]! / signed;
  d[l + 1] = e[l]! * signed;
  const after = d[l + 1]!;
  const shift = first - d[l];
  for (let i = l + 2; i < n; i++) d[i]! -= shift;
  p = d[m]!;
  const besideNext = e[l + 1]!;
  let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0];
  for (let i = m - 1; i >= l; i--) {
    c3 = c2;
    c2 = c;
    s2 = s;
    const g = c * e[i]!;
    const h = c * p;
    const r = Math.sqrt(p * p + e[i]! * e[i]!);
    e[i + 1] = s * r;
    s = e[i]! / r;
    c = p / r;
    p = c * d[i]! - s * g;
    d[i + 1] = h + s * (c * g + s * d[i]!);
    rotateRows(v, i * n, { n, c, s });
  }
  p = (-s * s2 * c3 * besideNext * e[l]!) / after;
  e[l] = s * p;
  d[l] = c * p;
  return shift;
}

/** Turns the row at `at` and the one below it by the angle of cosine `c` and sine `s`. */
function rotateRows(v: Float64Array, at: number, { n, c, s }: { n: number; c: number; s: number }): void {
  for (let k = at; k < at + n; k++) {
    const upper = v[k]!;
    const lower = v[k + n]!;
    v[k + n] = s * upper + c * lower;
    v[k] = c * upper - s * lower;
  }
}
