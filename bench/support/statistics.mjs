// Comparisons of contenders over problems: Demsar, "Statistical Comparisons of Classifiers over Multiple Data Sets", JMLR 7, 2006.

/** Ranks from 1 (smallest), equal values share the mean of theirs. */
export function ranks(values) {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

/**
 * Whether `rows` (one per problem, one loss per contender) tell the contenders apart: mean ranks, the p-value of Friedman's test in
 * the form of Iman and Davenport, and Nemenyi's critical distance of mean ranks at 5 %.
 */
export function friedman(rows) {
  const n = rows.length;
  const k = rows[0].length;
  const ranked = rows.map(ranks);
  const means = rows[0].map((_, j) => ranked.reduce((sum, row) => sum + row[j], 0) / n);
  // The sum of squares that these ranks have, which ties make smaller than that of 1 .. k.
  const spread = ranked.flat().reduce((sum, rank) => sum + (rank - (k + 1) / 2) ** 2, 0) / (n * (k - 1));
  const chi = spread === 0 ? 0 : means.reduce((sum, mean) => sum + n * (mean - (k + 1) / 2) ** 2, 0) / spread;
  const f = ((n - 1) * chi) / Math.max(n * (k - 1) - chi, 1e-12);
  const distance = nemenyi(k) * Math.sqrt((k * (k + 1)) / (6 * n));
  return { means, p: fTail(f, k - 1, (k - 1) * (n - 1)), distance };
}

/** Studentized range over sqrt 2 for 2, 3, ... contenders, 5 %, infinite degrees of freedom. */
const nemenyiQuantiles = [
  1.96, 2.343, 2.569, 2.728, 2.85, 2.949, 3.031, 3.102, 3.164, 3.219, 3.268, 3.313, 3.354, 3.391, 3.426,
  3.458, 3.489, 3.517, 3.544,
];

function nemenyi(k) {
  return nemenyiQuantiles[k - 2] ?? NaN;
}

/** Wilcoxon's rank sum: the chance of `ours` being so far below `theirs` if both were alike (normal approximation, ties). */
export function rankSum(ours, theirs) {
  const all = [...ours, ...theirs];
  const n = all.length;
  const order = ranks(all);
  const sum = ours.reduce((total, _, i) => total + order[i], 0);
  const expected = (ours.length * (n + 1)) / 2;
  const squares = order.reduce((total, rank) => total + (rank - (n + 1) / 2) ** 2, 0);
  const variance = (ours.length * theirs.length * squares) / (n * (n - 1));
  return variance === 0 ? 1 : normalTail((expected - sum - 0.5) / Math.sqrt(variance));
}

/** P(Z > z), Abramowitz and Stegun 26.2.17 (error below 1e-7). */
function normalTail(z) {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const weights = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const sum = weights.reduceRight((rest, weight) => t * (weight + rest), 0);
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}

/** P(F > f) with a and b degrees of freedom. */
export function fTail(f, a, b) {
  return f <= 0 ? 1 : incompleteBeta(b / (b + a * f), b / 2, a / 2);
}

/** The regularized incomplete beta function, by Lentz's continued fraction (Numerical Recipes, 6.4). */
function incompleteBeta(x, a, b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) - logBeta(a, b)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 300; m++) {
    for (const step of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + step * d);
      c = 1 + step / c;
      value *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-12) break;
  }
  return front * value;
}

function logBeta(a, b) {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Stirling's series, after stepping up to where it is exact. */
function logGamma(x) {
  if (x < 10) return logGamma(x + 1) - Math.log(x);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + 1 / (12 * x) - 1 / (360 * x ** 3);
}
