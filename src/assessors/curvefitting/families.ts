/**
 * A family of learning curves y = u1 phi1(x; q) + u2 phi2(x; q), x = 1, 2, 3 ...: linear in its weights u, but not in its shape q.
 * Sources: Domhan, Springenberg and Hutter, "Speeding up automatic hyperparameter optimization of deep neural networks by
 * extrapolation of learning curves", IJCAI 2015, table 1, for all; there with their own sources.
 */
export interface CurveFamily {
  /** Its names in the paper's table: more than one where the table has the same curves in several spellings. */
  readonly names: readonly string[];
  /** The bounds of each number of the shape. */
  readonly shape: readonly Bounds[];
  /** Shapes to begin the search at. */
  readonly starts: readonly (readonly number[])[];
  /** Whether u1 is a constant that is added, so that data may be moved up and down. The others have only u1. */
  readonly shifts: boolean;
  /** The one part that is not constant, at x. */
  readonly part: (x: number, shape: readonly number[]) => number;
}

export interface Bounds {
  readonly from: number;
  readonly to: number;
}

/** A number searched by its logarithm. */
const log = (from: number, to: number): Bounds => ({ from: Math.log(from), to: Math.log(to) });

export const curveFamilies: readonly CurveFamily[] = [
  {
    // exp(a + b/x + c ln x)
    names: ["vap"],
    shape: [
      { from: -10, to: 10 },
      { from: -2, to: 2 },
    ],
    starts: pairs([-2, -0.5, 0, 0.5], [-0.5, 0, 0.3]),
    shifts: false,
    part: (x, [b, c]) => Math.exp(b! / x + c! * Math.log(x)),
  },
  {
    // c - a x^-alpha
    names: ["pow3"],
    shape: [log(0.02, 8)],
    starts: [0.1, 0.4, 1, 2.5].map((alpha) => [Math.log(alpha)]),
    shifts: true,
    part: (x, [alpha]) => Math.pow(x, -Math.exp(alpha!)),
  },
  { names: ["linear"], shape: [], starts: [[]], shifts: true, part: (x) => x },
  { names: ["logx_linear"], shape: [], starts: [[]], shifts: true, part: (x) => Math.log(x) },
  {
    // theta x^eta / (kappa^eta + x^eta), and a / (1 + (x / e^b)^c) with c of either sign
    names: ["dr_hill", "log_power"],
    shape: [
      { from: -5, to: 5 },
      { from: Math.log(0.1), to: Math.log(10_000) },
    ],
    starts: pairs([-1, -0.4, 0.4, 1, 2.5], [0.5, 2, 4]),
    shifts: false,
    part: (x, [eta, lnKappa]) => 1 / (1 + Math.exp(eta! * (lnKappa! - Math.log(x)))),
  },
  {
    // c - (a x + b)^-alpha
    names: ["pow4"],
    shape: [log(0.02, 8), log(0.01, 1000)],
    starts: pairs(
      [0.3, 1, 3].map((alpha) => Math.log(alpha)),
      [0.3, 3, 20].map((shift) => Math.log(shift)),
    ),
    shifts: true,
    part: (x, [alpha, shift]) => Math.pow(1 + x / Math.exp(shift!), -Math.exp(alpha!)),
  },
  {
    // alpha - (alpha - beta) / (1 + (kappa x)^delta)
    names: ["mmf"],
    shape: [log(0.1, 8), log(0.0001, 10)],
    starts: pairs(
      [0.5, 1, 2.5].map((delta) => Math.log(delta)),
      [0.01, 0.1, 0.5].map((kappa) => Math.log(kappa)),
    ),
    shifts: true,
    part: (x, [delta, kappa]) => 1 / (1 + Math.exp(Math.exp(delta!) * (kappa! + Math.log(x)))),
  },
  {
    // c - exp(b - a x^alpha); alpha - (alpha - beta) exp(-(kappa x)^delta); a - (a - beta) exp(-k x^delta)
    names: ["exp4", "weibull", "janoschek"],
    shape: [log(0.1, 6), log(0.0001, 10)],
    starts: pairs(
      [0.5, 1, 2].map((delta) => Math.log(delta)),
      [0.01, 0.1, 0.5].map((kappa) => Math.log(kappa)),
    ),
    shifts: true,
    part: (x, [delta, kappa]) => Math.exp(-Math.exp(Math.exp(delta!) * (kappa! + Math.log(x)))),
  },
  {
    // c - a / ln x; of x + 1, as ln 1 is 0
    names: ["ilog2"],
    shape: [],
    starts: [[]],
    shifts: true,
    part: (x) => 1 / Math.log(x + 1),
  },
];

function pairs(one: readonly number[], other: readonly number[]): readonly (readonly number[])[] {
  return one.flatMap((a) => other.map((b) => [a, b]));
}
