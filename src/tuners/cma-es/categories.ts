import type { Random } from "../../model/index.ts";

/** Independent probabilities of the options of each choice. */
export interface Categories {
  /** By choice: the probability of each option. */
  readonly probabilities: readonly Float64Array[];
  draw(choice: number, random: Random): number;
  /** `chosen[k][choice]` is the option of the k-th best sample, NaN where the choice was not part of it. */
  learn(chosen: readonly Float64Array[], weights: Float64Array): void;
}

/** Signal against noise that the step length aims at: alpha of ASNG. */
const aim = 1.5;

/**
 * Natural gradient on the probabilities with a step length that adapts to the noise (ASNG: Akimoto, Shirakawa, Yoshinari,
 * Uchida, Saito and Nishida, ICML 2019), as it stands beside CMA-ES in CatCMA (Hamano et al. 2024, 2025).
 * @param margin no probability falls below margin / (options - 1)
 */
export function createCategories(start: readonly Float64Array[], margin: number): Categories {
  const probabilities = start.map((each) => each.slice());
  const freedom = start.reduce((sum, { length }) => sum + length - 1, 0);
  const drift = new Float64Array(freedom);
  let settled = 0;
  let noise = 1;
  return {
    probabilities,
    draw(choice, random) {
      const options = probabilities[choice]!;
      let rest = random.next();
      for (let option = 0; option < options.length - 1; option++) {
        rest -= options[option]!;
        if (rest < 0) return option;
      }
      return options.length - 1;
    },
    learn(chosen, weights) {
      if (freedom === 0) return;
      const gradients = probabilities.map((options, choice) => gradientOf(options, choice, chosen, weights));
      const whitened = gradients.flatMap((gradient, choice) => whitenedBy(probabilities[choice]!, gradient));
      const length = Math.sqrt(whitened.reduce((sum, each) => sum + each * each, 0));
      if (length < 1e-12) return;
      const stepLength = 1 / noise;
      for (const [choice, options] of probabilities.entries()) {
        for (const [k, slope] of gradients[choice]!.entries()) options[k]! += (stepLength / length) * slope;
        lift(options, margin / (options.length - 1));
      }
      const beta = stepLength / Math.sqrt(freedom);
      for (const [k, each] of whitened.entries())
        drift[k] = (1 - beta) * drift[k]! + (Math.sqrt(beta * (2 - beta)) * each) / length;
      settled = (1 - beta) ** 2 * settled + beta * (2 - beta);
      const signal = drift.reduce((sum, each) => sum + each * each, 0);
      // Steps longer than the first one would leave the simplex.
      noise = Math.max(1, noise * Math.exp(beta * (settled - signal / aim)));
    },
  };
}

/** sum of w (onehot - q) over the better half; a choice that was not part of a sample says nothing. */
function gradientOf(
  options: Float64Array,
  choice: number,
  chosen: readonly Float64Array[],
  weights: Float64Array,
): Float64Array {
  const gradient = new Float64Array(options.length);
  for (const [k, options_] of chosen.entries()) {
    const weight = weights[k]!;
    const option = options_[choice]!;
    if (!(weight > 0) || Number.isNaN(option)) continue;
    for (let i = 0; i < gradient.length; i++) gradient[i]! -= weight * options[i]!;
    gradient[option]! += weight;
  }
  return gradient;
}

/** The gradient times the square root of Fisher's information, in the first K-1 probabilities. */
function whitenedBy(options: Float64Array, gradient: Float64Array): number[] {
  const last = options[options.length - 1]!;
  const free = gradient.subarray(0, -1);
  const sum = free.reduce((total, each) => total + each, 0) / (last + Math.sqrt(last));
  return Array.from(free, (each, i) => each / Math.sqrt(options[i]!) + Math.sqrt(options[i]!) * sum);
}

/** Every probability is at least `least`, and they sum to 1. */
function lift(options: Float64Array, least: number): void {
  for (let i = 0; i < options.length; i++) options[i] = Math.max(least, options[i]!);
  const excess = options.reduce((sum, each) => sum + each - least, 0);
  const room = 1 - options.length * least;
  for (let i = 0; i < options.length; i++) options[i] = least + ((options[i]! - least) * room) / excess;
}
