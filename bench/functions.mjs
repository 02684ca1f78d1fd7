// Four functions to minimise, with their spaces and optima.

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

export const functions = {
  Branin: {
    optimum: 0.397887,
    space: { x1: spec("uniform", -5, 10), x2: spec("uniform", 0, 15) },
    evaluate({ x1, x2 }) {
      const bowl = (x2 - (5.1 / (4 * Math.PI ** 2)) * x1 * x1 + (5 / Math.PI) * x1 - 6) ** 2;
      return bowl + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x1) + 10;
    },
  },
  Hartmann6: {
    optimum: -3.32237,
    space: Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`x${i}`, spec("uniform", 0, 1)])),
    evaluate(parameters) {
      const x = Array.from({ length: 6 }, (_, i) => parameters[`x${i}`]);
      const peak = (rates, centre) =>
        Math.exp(-rates.reduce((sum, rate, i) => sum + rate * (x[i] - centre[i]) ** 2, 0));
      return -hartmannWeights.reduce(
        (sum, weight, k) => sum + weight * peak(hartmannRates[k], hartmannCentres[k]),
        0,
      );
    },
  },
  Mixed6: {
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
  Cond: {
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
};

function spec(type, ...values) {
  return { _type: type, _value: values };
}
