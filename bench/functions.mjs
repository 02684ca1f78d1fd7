// Functions to minimise, with their spaces and optima. bench/functions.test.mjs holds them to known values.

const hartmannRates = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const hartmannCentres = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];
const hartmannWeights = [1, 1.2, 3, 3.2];

const ackleyShift = [12.1, -7.3, 18.4, -15.2, 5.6, -21, 9.9, -3.7, 16.5, -11.8];

/** The loss of each learner by its settings, and what preparing the data adds to it. */
const learners = {
  svm({ C, gamma, kernel }) {
    const u = Math.log10(C) - 1;
    const v = Math.log10(gamma) + 2;
    const poly = kernel._name === "poly" ? 0.02 + 0.01 * (kernel.degree - 3) ** 2 : 0;
    return 0.16 + 0.01 * u * u + 0.012 * v * v + 0.006 * u * v + poly;
  },
  mlp({ lr, dropout, act, units1, layers }) {
    const units = [units1, layers.units2, layers.units3].filter((count) => count !== undefined);
    const width = sum(units.map((count) => (Math.log2(count) - 7) ** 2)) / units.length;
    const shape = (act === "tanh" ? 0.015 : 0) + { 1: 0.03, 2: 0, 3: 0.01 }[layers._name];
    return 0.1 + 0.025 * (Math.log10(lr) + 2.5) ** 2 + 0.15 * (dropout - 0.25) ** 2 + shape + 0.004 * width;
  },
  gbt({ eta, depth, subsample, trees }) {
    const rate = Math.log10(eta);
    const together = 0.03 * (rate + Math.log10(trees) - 1.3) ** 2 + 0.01 * (rate + 1.2) ** 2;
    return 0.12 + together + 0.003 * (depth - 6) ** 2 + 0.08 * (subsample - 0.7) ** 2;
  },
};
const preparing = {
  svm: { std: 0, pca: 0.02, none: 0.08 },
  mlp: { std: 0, pca: 0.03, none: 0.1 },
  gbt: { none: 0, std: 0.005, pca: 0.04 },
};

export const functions = {
  branin: {
    optimum: 0.397887,
    space: { x1: spec("uniform", -5, 10), x2: spec("uniform", 0, 15) },
    evaluate({ x1, x2 }) {
      const bowl = (x2 - (5.1 / (4 * Math.PI ** 2)) * x1 * x1 + (5 / Math.PI) * x1 - 6) ** 2;
      return bowl + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x1) + 10;
    },
  },
  hartmann6: {
    optimum: -3.32237,
    space: numbers(6, 0, 1),
    evaluate(parameters) {
      const x = listed(parameters, 6);
      const peak = (rates, centre) =>
        Math.exp(-rates.reduce((sum, rate, i) => sum + rate * (x[i] - centre[i]) ** 2, 0));
      return -hartmannWeights.reduce(
        (sum, weight, k) => sum + weight * peak(hartmannRates[k], hartmannCentres[k]),
        0,
      );
    },
  },
  mixed6: {
    optimum: 0,
    space: {
      lr: spec("loguniform", 1e-5, 1),
      units: spec("quniform", 16, 256, 16),
      layers: spec("quniform", 1, 5, 1),
      dropout: spec("uniform", 0, 0.7),
      act: spec("choice", "relu", "tanh", "gelu"),
      opt: spec("choice", "adam", "rmsprop", "sgd", "adagrad"),
    },
    evaluate({ lr, units, layers, dropout, act, opt }) {
      const rate = { adam: -2.5, rmsprop: -3, sgd: -1, adagrad: -2 }[opt];
      const smooth = (Math.log10(lr) - rate) ** 2 + ((units - 160) / 96) ** 2 + 0.25 * (layers - 3) ** 2;
      const offset =
        { relu: 0.15, tanh: 0.4, gelu: 0 }[act] + { adam: 0, rmsprop: 0.1, sgd: 0.3, adagrad: 0.5 }[opt];
      return smooth + 8 * (dropout - 0.25) ** 2 + offset;
    },
  },
  cond: {
    optimum: 0,
    space: {
      model: spec(
        "choice",
        { _name: "svm", C: spec("loguniform", 1e-3, 1e3), gamma: spec("loguniform", 1e-5, 10) },
        { _name: "rf", depth: spec("randint", 2, 41), feat: spec("uniform", 0.05, 1) },
        { _name: "knn", k: spec("randint", 1, 51) },
      ),
    },
    evaluate({ model }) {
      if (model._name === "svm")
        return 0.5 * (Math.log10(model.C) - 1) ** 2 + 0.5 * (Math.log10(model.gamma) + 2) ** 2;
      if (model._name === "rf") return 0.2 + ((model.depth - 12) / 8) ** 2 + 4 * (model.feat - 0.4) ** 2;
      return 0.5 + ((model.k - 7) / 10) ** 2;
    },
  },
  rosen5: {
    optimum: 0,
    space: numbers(5, -5, 10),
    /** The logarithm of one plus Rosenbrock's function: the valley counts, not its walls. */
    evaluate(parameters) {
      const x = listed(parameters, 5);
      const valley = (_, i) => 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
      return Math.log1p(sum(Array.from({ length: 4 }, valley)));
    },
  },
  ackley10: {
    optimum: 0,
    space: numbers(10, -32.768, 32.768),
    evaluate: (parameters) => ackley(listed(parameters, 10)),
  },
  /** The optimum away from the middle, where some samplers begin. */
  ackley10s: {
    optimum: 0,
    space: numbers(10, -32.768, 32.768),
    evaluate: (parameters) => ackley(listed(parameters, 10).map((x, i) => x - ackleyShift[i])),
  },
  /** A learner, and what it is set to: as a person would lay it out. */
  learners: {
    optimum: 0.1,
    space: {
      algo: spec(
        "choice",
        {
          _name: "svm",
          C: spec("loguniform", 1e-3, 1e3),
          gamma: spec("loguniform", 1e-5, 10),
          kernel: spec("choice", { _name: "rbf" }, { _name: "poly", degree: spec("randint", 2, 6) }),
        },
        {
          _name: "mlp",
          lr: spec("loguniform", 1e-5, 1),
          dropout: spec("uniform", 0, 0.8),
          act: spec("choice", "relu", "tanh"),
          units1: units(),
          layers: spec(
            "choice",
            { _name: "1" },
            { _name: "2", units2: units() },
            { _name: "3", units2: units(), units3: units() },
          ),
        },
        {
          _name: "gbt",
          eta: spec("loguniform", 1e-3, 1),
          depth: spec("randint", 1, 13),
          subsample: spec("uniform", 0.2, 1),
          trees: spec("qloguniform", 10, 2000, 1),
        },
      ),
      pre: spec("choice", "none", "std", "pca"),
    },
    evaluate: ({ algo, pre }) => learners[algo._name](algo) + preparing[algo._name][pre],
  },
};

function spec(type, ...values) {
  return { _type: type, _value: values };
}

function units() {
  return spec("qloguniform", 8, 1024, 1);
}

function numbers(count, low, high) {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, spec("uniform", low, high)]));
}

function listed(parameters, count) {
  return Array.from({ length: count }, (_, i) => parameters[`x${i}`]);
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

function ackley(x) {
  const root = Math.sqrt(sum(x.map((v) => v * v)) / x.length);
  const waves = sum(x.map((v) => Math.cos(2 * Math.PI * v))) / x.length;
  return -20 * Math.exp(-0.2 * root) - Math.exp(waves) + 20 + Math.E;
}
