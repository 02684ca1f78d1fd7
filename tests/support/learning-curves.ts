import { type Random, randomNormal } from "../../src/model/index.ts";

/** A learning curve as it would be without noise, from step 1 on. */
export type LearningCurve = (step: number) => number;

/** Curves of the twelve families, in the spelling of Domhan, Springenberg and Hutter (2015), table 1; all of 0.2 to 1. */
export const oneOfEachFamily: Readonly<Record<string, LearningCurve>> = {
  vap: (x) => Math.exp(-0.1 - 0.8 / x + 0.01 * Math.log(x)),
  pow3: (x) => 0.9 - 0.6 * x ** -0.7,
  linear: (x) => 0.2 + 0.01 * x,
  logx_linear: (x) => 0.3 + 0.12 * Math.log(x),
  dr_hill: (x) => (0.9 * x ** 1.3) / (4 ** 1.3 + x ** 1.3),
  log_power: (x) => 0.85 / (1 + (x / Math.exp(1.2)) ** -1.1),
  pow4: (x) => 0.95 - (0.5 * x + 1.5) ** -0.9,
  mmf: (x) => 0.9 - (0.9 - 0.1) / (1 + (0.2 * x) ** 1.5),
  exp4: (x) => 0.9 - Math.exp(-0.4 * x ** 0.7 - 0.3),
  ilog2: (x) => 0.8 - 0.4 / Math.log(x + 1),
  weibull: (x) => 0.9 - (0.9 - 0.1) * Math.exp(-((0.15 * x) ** 0.9)),
  janoschek: (x) => 0.9 - (0.9 - 0.15) * Math.exp(-0.2 * x ** 0.8),
};

/** Draws curves of one family: how high they go, and how fast, is chance. */
export const drawnFrom: Readonly<Record<string, (random: Random) => LearningCurve>> = {
  "power law": (random) => {
    const [top, rise, speed] = [
      uniform(random, 0.3, 0.95),
      uniform(random, 0.1, 0.3),
      uniform(random, 0.4, 1.2),
    ];
    return (x) => top - rise * x ** -speed;
  },
  exponential: (random) => {
    const [top, rise, rate] = [
      uniform(random, 0.3, 0.95),
      uniform(random, 0.1, 0.3),
      uniform(random, 0.1, 0.5),
    ];
    return (x) => top - rise * Math.exp(-rate * x);
  },
  mmf: (random) => {
    const [top, rate, power] = [
      uniform(random, 0.3, 0.95),
      uniform(random, 0.1, 0.6),
      uniform(random, 0.8, 1.8),
    ];
    return (x) => top - (top - 0.1) / (1 + (rate * x) ** power);
  },
  "loss, power law": (random) => {
    const [end, fall, speed] = [
      uniform(random, 0.05, 0.8),
      uniform(random, 0.5, 2.5),
      uniform(random, 0.5, 1.2),
    ];
    return (x) => end + fall * x ** -speed;
  },
};

/** What a phase reports of a curve. */
export function reported(
  curve: LearningCurve,
  { steps, noise }: { readonly steps: number; readonly noise: number },
  random: Random,
): number[] {
  return Array.from({ length: steps }, (_, i) => curve(i + 1) + noise * randomNormal(random));
}

function uniform(random: Random, from: number, to: number): number {
  return from + (to - from) * random.next();
}
