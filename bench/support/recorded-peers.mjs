// Figures of peers that were taken elsewhere, to stand beside what is measured here: never in ranks, always marked.
import { recordedWithData } from "./problems.mjs";

/** Medians and quartiles after 50, 100 and 200 evaluations, sequential; of SMAC3 the facade for hyperparameters. */
const rows = {
  "optuna-gp 4.9, recorded": {
    branin: [5, [0.3979, 0.3979, 0.398], [0.3979, 0.3979, 0.3979], [0.3979, 0.3979, 0.3979]],
    hartmann6: [5, [-3.192, -3.322, -3.183], [-3.203, -3.322, -3.193], [-3.203, -3.322, -3.193]],
    rosen5: [5, [5.14, 4.702, 5.233], [4.702, 4.499, 5.14], [4.499, 3.913, 4.702]],
    ackley10: [5, [16.25, 13.87, 17.29], [7.579, 7.495, 7.86], [6.219, 5.265, 6.45]],
    ackley10s: [4, [15.73, 13.12, 18.79], [12.19, 11.29, 14.36], [12.11, 10.39, 14.23]],
    learners: [5, [0.1345, 0.1311, 0.1348], [0.1256, 0.1252, 0.1268], [0.1141, 0.1117, 0.1252]],
  },
  "smac3 2.3.1, recorded": {
    branin: [5, [0.6371, 0.4079, 0.6945], [0.3985, 0.3984, 0.4139], [0.3979, 0.3979, 0.3979]],
    hartmann6: [5, [-1.832, -2.091, -1.782], [-2.591, -2.768, -2.334], [-3.039, -3.082, -2.804]],
    rosen5: [5, [8.757, 7.613, 9.099], [7.452, 6.692, 7.984], [5.695, 5.427, 6.995]],
    ackley10: [5, [19.86, 19.65, 20.14], [19.17, 18.18, 19.42], [16.63, 15.6, 17.2]],
    ackley10s: [4, [20.37, 20.24, 20.58], [18.68, 17.79, 19.54], [15.6, 15.01, 16.28]],
    learners: [5, [0.1285, 0.1214, 0.1404], [0.121, 0.1138, 0.1238], [0.1208, 0.1069, 0.1209]],
  },
};

/** Of one problem: name, number of seeds, and by budget what is known of [median, 25 %, 75 %]. */
export function recordedPeers(id) {
  const own = Object.entries(rows)
    .filter(([, problems]) => problems[id] !== undefined)
    .map(
      ([
        name,
        {
          [id]: [seeds, ...at],
        },
      ]) => {
        const [fifty, hundred, all] = at;
        return { name, seeds, at: { 50: fifty, 100: hundred, 200: all } };
      },
    );
  const withData = Object.entries(recordedWithData())
    .filter(([, problems]) => problems[id] !== undefined)
    .map(
      ([
        name,
        {
          [id]: { seeds, ...at },
        },
      ]) => {
        const medians = Object.entries(at).map(([budget, median]) => [budget, [median]]);
        return { name: `${name}, recorded`, seeds, at: Object.fromEntries(medians) };
      },
    );
  return [...own, ...withData];
}
