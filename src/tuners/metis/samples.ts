import type { Point } from "../../model/index.ts";
import { nameOf } from "../point-name.ts";

/** What is known of one point. */
export interface Sample {
  readonly point: Point;
  /** Its usable results, as losses, in the order in which they came. At least one. */
  readonly losses: readonly number[];
}

/** Everything that was evaluated, point by point. */
export interface Samples {
  /** How many usable results there are, repeated ones included. */
  readonly results: number;
  /** How many points have one. */
  readonly size: number;
  /** Points that were evaluated without a usable result, and never with one: in the order in which they failed. */
  failed(): Point[];
  /** Whether the point was evaluated, with or without a usable result. */
  has(point: Point): boolean;
  /** How often the point was evaluated, or was to be. */
  attempts(point: Point): number;
  /** The points that had a result when `results` of them had come, with the results of that time; the oldest first. */
  first(results: number): Sample[];
  learn(point: Point, loss: number): void;
  learnFailure(point: Point): void;
  /** The point was to be evaluated, and was not. */
  takeBack(point: Point): void;
}

export function createSamples(): Samples {
  const evaluated = createCounter();
  const takenBack = createCounter();
  const observed: { readonly point: Point; readonly name: string; readonly loss: number }[] = [];
  const withResult = new Set<string>();
  const failures: { readonly point: Point; readonly name: string }[] = [];
  return {
    failed: () => failures.filter(({ name }) => !withResult.has(name)).map(({ point }) => point),
    get results() {
      return observed.length;
    },
    get size() {
      return withResult.size;
    },
    has: (point) => evaluated.of(nameOf(point)) > 0,
    attempts: (point) => evaluated.of(nameOf(point)) + takenBack.of(nameOf(point)),
    first(results) {
      const samples = new Map<string, { point: Point; losses: number[] }>();
      for (const { point, name, loss } of observed.slice(0, results)) {
        const sample = samples.get(name);
        if (sample === undefined) samples.set(name, { point, losses: [loss] });
        else sample.losses.push(loss);
      }
      return [...samples.values()];
    },
    learn(point, loss) {
      const name = nameOf(point);
      evaluated.add(name);
      withResult.add(name);
      observed.push({ point, name, loss });
    },
    learnFailure(point) {
      const name = nameOf(point);
      evaluated.add(name);
      failures.push({ point, name });
    },
    takeBack: (point) => takenBack.add(nameOf(point)),
  };
}

function createCounter(): { add(name: string): void; of(name: string): number } {
  const counts = new Map<string, number>();
  const of = (name: string): number => counts.get(name) ?? 0;
  return { of, add: (name) => void counts.set(name, of(name) + 1) };
}

/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const ordered = values.toSorted((one, other) => one - other);
  const middle = ordered.length >> 1;
  const upper = ordered[middle]!;
  if (ordered.length % 2 === 1 || ordered[middle - 1] === upper) return upper;
  return ordered[middle - 1]! / 2 + upper / 2;
}
