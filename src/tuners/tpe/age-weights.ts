/** The newest rows, which all weigh 1. */
const fresh = 25;

/**
 * Weights of `count` rows, oldest first: the newest 25 weigh 1, before them a ramp from 1/count up to 1
 * ("linear forgetting", Bergstra et al., "Making a Science of Model Search", ICML 2013).
 */
export function ageWeights(count: number): Float64Array {
  const weights = new Float64Array(count).fill(1);
  const ramp = count - fresh;
  for (let i = 0; i < ramp; i++) {
    const part = ramp === 1 ? 0 : i / (ramp - 1);
    weights[i] = 1 / count + part * (1 - 1 / count);
  }
  return weights;
}
