import { type FitData, fitHyperparameters, plainHyperparameters } from "./fit.ts";
import type { Hyperparameters } from "./model.ts";
import { fitBefore } from "./schedule.ts";

/**
 * The hyperparameters for the first `size` results, whatever has come since: the same for a tuner that heard them all at once.
 * @param dataOf what is learnt from that many results
 */
export function createFits(dataOf: (size: number) => FitData): (size: number) => Hyperparameters {
  const fits = new Map<number, Hyperparameters>();
  return function fitAt(size) {
    const known = fits.get(size);
    if (known !== undefined) return known;
    const data = dataOf(size);
    const before = fitBefore(size);
    const plain = plainHyperparameters(data.layout, data.leastNoise);
    const fit = fitHyperparameters(data, before === undefined ? [plain] : [fitAt(before), plain]);
    fits.set(size, fit);
    return fit;
  };
}
