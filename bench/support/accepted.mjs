// What is accepted of a tuner on four functions: medians no worse than the 75 % quartile that the method's reference implementation
// reached there, or 1.5 times its regret, whichever is looser.

/** [median, 75 %] of the best value after so many evaluations, sequential. TPE: Optuna 5, `group` on cond. SMAC: a plain forest. */
export const recorded = {
  Random: {
    branin: { 20: [1.86, 4.232], 50: [1.144, 1.856], 100: [0.778, 1.134], 200: [0.5129, 0.5982] },
    hartmann6: { 20: [-1.011, -0.8336], 50: [-1.768, -1.367], 100: [-2.123, -2.015], 200: [-2.258, -2.025] },
    mixed6: { 20: [1.062, 1.386], 50: [0.8458, 1.121], 100: [0.6022, 0.7229], 200: [0.4447, 0.5734] },
    cond: { 20: [0.3407, 0.4338], 50: [0.1939, 0.2721], 100: [0.08225, 0.2179], 200: [0.04725, 0.07601] },
  },
  TPE: {
    branin: { 20: [1.615, 2.333], 50: [0.5074, 0.5865], 100: [0.4167, 0.428], 200: [0.4009, 0.4031] },
    hartmann6: { 20: [-2.066, -1.595], 50: [-2.992, -2.828], 100: [-3.228, -3.146], 200: [-3.292, -3.281] },
    mixed6: { 20: [0.6582, 0.9739], 50: [0.3334, 0.5072], 100: [0.1844, 0.418], 200: [0.02645, 0.1767] },
    cond: { 20: [0.3153, 0.4224], 50: [0.2013, 0.2401], 100: [0.005173, 0.2], 200: [0.0001297, 0.2] },
  },
  Anneal: {
    branin: { 20: [2.296, 3.83], 50: [0.546, 0.7679], 100: [0.427, 0.447], 200: [0.4025, 0.4067] },
    hartmann6: { 20: [-1.889, -1.156], 50: [-2.812, -2.585], 100: [-3.19, -3.142], 200: [-3.312, -3.304] },
    mixed6: { 20: [0.6112, 0.7915], 50: [0.1911, 0.2959], 100: [0.00823, 0.07065], 200: [0.000299, 0.02546] },
    cond: { 20: [0.3641, 0.5], 50: [0.2169, 0.2325], 100: [0.2, 0.2001], 200: [0.1006, 0.2] },
  },
  Evolution: {
    branin: {
      20: [1.907, 2.967],
      50: [1.105, 1.622],
      100: [0.7148, 0.9197],
      200: [0.5658, 0.6948],
      500: [0.4183, 0.439],
    },
    hartmann6: {
      20: [-1.077, -0.905],
      50: [-1.591, -1.313],
      100: [-2.411, -2.077],
      200: [-2.864, -2.623],
      500: [-3.159, -3.103],
    },
    mixed6: {
      20: [0.8824, 1.094],
      50: [0.5735, 0.7532],
      100: [0.3769, 0.4852],
      200: [0.133, 0.2574],
      500: [0.01889, 0.1036],
    },
  },
  SMAC: {
    branin: { 20: [1.825, 2.893], 50: [0.6354, 0.8729], 100: [0.4935, 0.674] },
    hartmann6: { 20: [-1.343, -1.065], 50: [-2.619, -2.365], 100: [-3.171, -3.101] },
    mixed6: { 20: [0.9974, 1.141], 50: [0.4884, 0.6617], 100: [0.3367, 0.4089] },
  },
  GPTuner: {
    branin: { 20: [0.8567, 1.914], 50: [0.3979, 0.398] },
    hartmann6: { 20: [-1.52, -1.083], 50: [-3.319, -3.219], 100: [-3.322, -3.322] },
    mixed6: { 20: [0.4623, 0.674], 50: [0.00177, 0.01008], 100: [1.038e-5, 2.804e-5] },
  },
  CmaEs: {
    branin: { 20: [4.829, 7.273], 50: [0.9504, 2.5], 100: [0.4075, 0.4922], 200: [0.3979, 0.3979] },
    hartmann6: {
      20: [-1.556, -1.484],
      50: [-2.465, -2.177],
      100: [-3.08, -2.981],
      200: [-3.262, -3.226],
      500: [-3.322, -3.322],
    },
  },
};

/** The loss that a median may have at most. */
export function acceptedLoss(optimum, [median, quartile]) {
  return Math.max(quartile, optimum + 1.5 * (median - optimum));
}

/** Where a tuner must be told from Random: the chance of Random being no worse is below 1 % (one-sided rank sum). */
export const mustBeatRandom = [
  {
    concurrency: 1,
    problem: "hartmann6",
    budget: 100,
    tuners: ["TPE", "Anneal", "SMAC", "GPTuner", "CmaEs"],
  },
  { concurrency: 1, problem: "mixed6", budget: 100, tuners: ["TPE", "Anneal", "SMAC", "GPTuner"] },
  { concurrency: 20, problem: "hartmann6", budget: 100, tuners: ["TPE"] },
];

/** The peer that does by the same method what a tuner of ours does, to be compared problem by problem. */
export const counterparts = {
  TPE: ["optuna-tpe", "hyperopt-tpe"],
  CmaEs: ["optuna-cmaes"],
  Random: ["optuna-random"],
  QMC: ["optuna-random"],
  Anneal: ["hyperopt-anneal"],
  Evolution: ["optuna-nsga2"],
  SMAC: ["smac3"],
  GPTuner: ["optuna-gp"],
  NSGA2: ["optuna-nsga2"],
  MetisTuner: ["optuna-gp"],
  Auto: ["optuna-tpe", "optuna-gp"],
};
