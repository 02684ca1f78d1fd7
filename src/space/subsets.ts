import type { InputChoice } from "../model/index.ts";

/** Which candidates an input_choice may take together, as ascending indices: small subsets first. */
export function allowedSubsets({ candidates, n_chosen }: InputChoice): readonly (readonly number[])[] {
  return allowedSizes({ candidates, n_chosen }).flatMap((size) => combinations(candidates.length, size));
}

/** How many subsets {@link allowedSubsets} has, without listing them. */
export function countSubsets(choice: InputChoice): number {
  return allowedSizes(choice).reduce((sum, size) => sum + binomial(choice.candidates.length, size), 0);
}

function allowedSizes({ candidates, n_chosen }: InputChoice): readonly number[] {
  if (n_chosen === null) return Array.from({ length: candidates.length + 1 }, (_, size) => size);
  return typeof n_chosen === "number" ? [n_chosen] : [...new Set(n_chosen)].sort((a, b) => a - b);
}

function combinations(count: number, size: number, from = 0): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  const found: (readonly number[])[] = [];
  for (let first = from; first <= count - size; first++) {
    for (const rest of combinations(count, size - 1, first + 1)) found.push([first, ...rest]);
  }
  return found;
}

function binomial(count: number, size: number): number {
  let product = 1;
  for (let i = 1; i <= size; i++) product = (product * (count - size + i)) / i;
  return Math.round(product);
}
