import { type Gaussian } from "./gaussian.ts";
import type { Strategy } from "./strategy.ts";

/** Losses of the last generations, best and worst of each: a flat stretch means that nothing more is to be found here. */
export interface Progress {
  add(best: number, worst: number): void;
  readonly flat: boolean;
}

/** Differences of results below this are none (tutorial, B.3: TolFun). */
const leastDifference = 1e-12;

export function createProgress(n: number, { lambda }: Strategy): Progress {
  const span = 10 + Math.ceil((30 * n) / lambda);
  const seen: { readonly best: number; readonly worst: number }[] = [];
  return {
    add(best, worst) {
      seen.push({ best, worst });
      if (seen.length > span) seen.shift();
    },
    get flat() {
      if (seen.length < span) return false;
      const best = Math.min(...seen.map((each) => each.best));
      const worst = Math.max(...seen.map((each) => each.worst));
      return worst === best || worst - best < leastDifference;
    },
  };
}

/** Whether the distribution has shrunk to a point, has left all bounds, or can no longer be computed with (B.3). */
export function isSpent(gaussian: Gaussian, firstSigma: number): boolean {
  const { size, sigma, covariance, path, axes } = gaussian;
  if (size === 0) return false;
  if (!Number.isFinite(sigma) || sigma === 0) return true;
  const tolerance = 1e-12 * firstSigma;
  let moves = false;
  for (let i = 0; i < size && !moves; i++)
    moves = sigma * covariance[i * size + i]! >= tolerance || sigma * Math.abs(path[i]!) >= tolerance;
  const longest = Math.max(...axes);
  const shortest = Math.min(...axes);
  const condition = (longest / shortest) ** 2;
  return !moves || sigma * longest > 1e4 || condition > 1e14 || hasNoEffect(gaussian);
}

/** A step along one axis, or in one coordinate, is lost in rounding. */
function hasNoEffect({ size, mean, sigma, covariance, axes, directions, generation }: Gaussian): boolean {
  for (let i = 0; i < size; i++)
    if (mean[i] === mean[i]! + 0.2 * sigma * Math.sqrt(covariance[i * size + i]!)) return true;
  const axis = generation % size;
  for (let i = 0; i < size; i++) {
    const step = 0.1 * sigma * axes[axis]! * directions[axis * size + i]!;
    if (mean[i] !== mean[i]! + step) return false;
  }
  return true;
}
