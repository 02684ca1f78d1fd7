import type { Point, Random } from "../../model/index.ts";
import { lexicographic, randomInteger } from "../../model/index.ts";
import { crowdingDistances, frontNumbers } from "./fronts.ts";

/** The best individuals by front and crowding, of which parents are chosen. */
export interface Population {
  readonly size: number;
  /** Takes an individual in; one too many, and the worst has to go. Equal ones go by age, the oldest first. */
  add(individual: Individual): void;
  /** The winner of a binary tournament: the earlier front, then the emptier place. There must be an individual. */
  parent(random: Random): Individual;
}

export interface Individual {
  readonly point: Point;
  /** To be minimised; finite. */
  readonly losses: readonly number[];
}

interface Standing {
  readonly fronts: Int32Array;
  /** Within the individual's front. */
  readonly crowding: Float64Array;
}

/**
 * Steady state: each child competes as soon as its result is in, rather than once a generation is complete (Durillo, Nebro, Luna and Alba,
 * "On the Effect of the Steady-State Selection Scheme in Multi-Objective Genetic Algorithms", EMO 2009).
 *
 * @param most how many are kept, at least 2
 */
export function createPopulation(most: number): Population {
  // In lexicographic order, which sorting finds out at once; equal ones by age.
  const individuals: (Individual & { readonly age: number })[] = [];
  let born = 0;
  let standing: Standing | undefined;
  const present = (): Standing => (standing ??= standingOf(individuals));
  return {
    get size() {
      return individuals.length;
    },
    add(individual) {
      const { losses } = individual;
      const before = individuals.findLastIndex((other) => lexicographic(other.losses, losses) <= 0);
      individuals.splice(before + 1, 0, { ...individual, age: --born });
      standing = undefined;
      if (individuals.length <= most) return;
      // Those who stay keep their places in front and crowd, as in the paper.
      const whole = present();
      const leaver = worst(whole, (place) => individuals[place]!.age);
      individuals.splice(leaver, 1);
      standing = { fronts: without(whole.fronts, leaver), crowding: without(whole.crowding, leaver) };
    },
    parent(random) {
      const one = randomInteger(random, individuals.length);
      const other = randomInteger(random, individuals.length);
      return individuals[isBetter(present(), other, one) ? other : one]!;
    },
  };
}

function standingOf(individuals: readonly Individual[]): Standing {
  const losses = individuals.map((individual) => individual.losses);
  const fronts = frontNumbers(losses);
  return { fronts, crowding: crowdingDistances(losses, fronts) };
}

/** The numbers without the one at this place. */
function without<Numbers extends Int32Array | Float64Array>(numbers: Numbers, place: number): Numbers {
  numbers.copyWithin(place, place + 1);
  return numbers.subarray(0, -1) as Numbers;
}

/** The crowded-comparison operator of Deb et al. 2002, section III-B. */
function isBetter({ fronts, crowding }: Standing, one: number, other: number): boolean {
  if (fronts[one] !== fronts[other]) return fronts[one]! < fronts[other]!;
  return crowding[one]! > crowding[other]!;
}

function worst(standing: Standing, age: (place: number) => number): number {
  let found = 0;
  for (let place = 1; place < standing.fronts.length; place++) {
    const isOlder = age(place) > age(found) && !isBetter(standing, place, found);
    if (isOlder || isBetter(standing, found, place)) found = place;
  }
  return found;
}
