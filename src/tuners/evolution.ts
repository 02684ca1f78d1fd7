import type { Dimension, FlatSpace, JsonObject, Point, Random, TunerFactory } from "../model/index.ts";
import { randomInteger, randomNormal } from "../model/index.ts";
import { decode, encode, sampleDimension, samplePoint } from "../space/index.ts";
import { changedPoint } from "./changed-point.ts";
import { levelsOf } from "./levels.ts";
import { type Searcher, tunerAround } from "./searcher.ts";

interface Individual {
  readonly point: Point;
  readonly loss: number;
}

/**
 * Naive evolution: two individuals meet, the better one has a child with one mutation, the child takes the place of the worse
 * one. Real et al., "Large-Scale Evolution of Image Classifiers", ICML 2017, section 3.1.
 *
 * The places are exchanged when the child's result comes. A child that fails, or runs for long, costs the population
 * nothing, and any number of children may run at once: until the population is full the rest are draws from the prior. An
 * individual is only lost to a meeting with one that is at least as good.
 */
export const evolutionTuner: TunerFactory = tunerAround(evolving);

function evolving(flat: FlatSpace, classArgs: JsonObject): Searcher {
  const size = classArgs["population_size"] as number;
  const population: Individual[] = [];
  return {
    suggest(random, { running }) {
      const founders = population.length + running.length < size || population.length < 2;
      if (founders) return samplePoint(flat, random);
      const { winner } = meeting(population, random);
      return mutated(flat, population[winner]!.point, random);
    },
    learn(point, loss, random) {
      if (population.length < size) population.push({ point, loss });
      else population[meeting(population, random).loser] = { point, loss };
    },
  };
}

/**
 * The places of two individuals. With the same chance it is the same two places: where no other child came between, a child
 * replaces the very individual that lost to its parent.
 */
function meeting(population: readonly Individual[], random: Random): { winner: number; loser: number } {
  const one = randomInteger(random, population.length);
  const other = (one + 1 + randomInteger(random, population.length - 1)) % population.length;
  const oneWins = population[one]!.loss <= population[other]!.loss;
  return oneWins ? { winner: one, loser: other } : { winner: other, loser: one };
}

/** The parent with another value in one of its active dimensions. Another option of a nested choice brings draws of its own. */
export function mutated(flat: FlatSpace, parent: Point, random: Random): Point {
  const open = flat.dimensions.filter((each) => !Number.isNaN(parent[each.index]) && canChange(each));
  if (open.length === 0) return samplePoint(flat, random);
  const dimension = open[randomInteger(random, open.length)]!;
  const value = otherValue(dimension, parent[dimension.index]!, random);
  return changedPoint(flat, parent, dimension, { value, random });
}

function canChange(dimension: Dimension): boolean {
  return levelsOf(dimension) > 1;
}

/** Grids on which nearly all of the prior falls on one value may give it so many times. */
const tries = 32;

function otherValue(dimension: Dimension, value: number, random: Random): number {
  if (dimension.kind === "categorical")
    return (value + 1 + randomInteger(random, dimension.size - 1)) % dimension.size;
  for (let attempt = 0; attempt < tries; attempt++) {
    const other =
      random.next() < localShare ? nearby(dimension, value, random) : sampleDimension(dimension, random);
    if (other !== value) return other;
  }
  return value;
}

/** How many mutations of a number are steps from where it is; the others are draws from the prior, as all are in NNI. */
const localShare = 0.5;
/** Standard deviation of such a step, as a part of the prior's probability. */
const stepSize = 0.1;

function nearby(dimension: Dimension, value: number, random: Random): number {
  const place = encode(dimension, value) + stepSize * randomNormal(random);
  // Reflected at both ends: cut off there, the bounds themselves would come again and again.
  return decode(dimension, 1 - Math.abs(1 - Math.abs(place)));
}
