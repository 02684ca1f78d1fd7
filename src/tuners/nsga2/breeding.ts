import type { Dimension, FlatSpace, NumericDimension, Point, Random } from "../../model/index.ts";
import { randomInteger } from "../../model/index.ts";
import { isActive, sampleDimension, snap } from "../../space/index.ts";
import { type ModelAxis, modelAxis } from "../axis.ts";
import { type Interval, polynomialMutation, simulatedBinaryCrossover } from "./variation.ts";

export interface BreedingSettings {
  /** Probability that a child has two parents rather than one. */
  readonly crossoverProb: number;
  /** Uniform crossover: probability that a parameter comes from the second parent. */
  readonly swappingProb: number;
  readonly crossover: "uniform" | "sbx";
  /** Probability of each parameter; undefined: 1 / the number of parameters that are active in the first parent. */
  readonly mutationProb: number | undefined;
  readonly mutation: "polynomial" | "redraw";
}

/** Makes a child of two parents. */
export type Breed = (one: Point, other: Point, random: Random) => Point;

/**
 * Distribution index of the mutation. Deb et al. 2002, section IV, take 20, for 25,000 evaluations; with the wider steps of 5 the front
 * is reached in half as many, and after some thousand as close.
 */
const mutationIndex = 5;
/** Distribution index of the crossover: Deb et al. 2002, section IV. */
const crossoverIndex = 20;
/** SBX changes every second parameter; Deb's NSGA-II does the same. */
const sbxShare = 0.5;

/**
 * Parents become a child, parameter by parameter in the order of the space: inherited, then perhaps mutated. What an option brings
 * comes from the parents that have taken it, else from the prior.
 */
export function createBreed(flat: FlatSpace, settings: BreedingSettings): Breed {
  const genes = flat.dimensions.map(createGene);
  return (one, other, random) => {
    const mutationProb = settings.mutationProb ?? 1 / Math.max(1, activeIn(one));
    const crossed = random.next() < settings.crossoverProb;
    const child: Point = new Float64Array(genes.length).fill(NaN);
    for (const gene of genes) {
      const { index } = gene.dimension;
      if (!isActive(flat, child, gene.dimension)) continue;
      const inherited = inherit(gene, one[index]!, crossed ? other[index]! : NaN, random);
      child[index] = random.next() < mutationProb ? mutate(gene, inherited, random) : inherited;
    }
    return child;
  };

  function inherit(gene: Gene, own: number, others: number, random: Random): number {
    if (Number.isNaN(own) && Number.isNaN(others)) return sampleDimension(gene.dimension, random);
    if (Number.isNaN(others)) return own;
    if (Number.isNaN(own)) return others;
    if (gene.numeric === undefined || settings.crossover === "uniform")
      return random.next() < settings.swappingProb ? others : own;
    return random.next() < sbxShare ? between(gene.numeric, own, others, random) : own;
  }

  function mutate(gene: Gene, value: number, random: Random): number {
    if (gene.numeric === undefined) return otherOption(gene.dimension, value, random);
    if (settings.mutation === "redraw") return sampleDimension(gene.dimension, random);
    return step(gene.numeric, value, random);
  }
}

interface Gene {
  readonly dimension: Dimension;
  readonly numeric: NumericGene | undefined;
}

/** A number in the coordinates in which it is varied: straight or logarithmic, of the range or of the normal's deviations. */
interface NumericGene {
  readonly dimension: NumericDimension;
  readonly axis: ModelAxis;
  readonly interval: Interval;
}

/** Numbers of the normal family have no bounds: three deviations to both sides count as their width. */
const normalWidth = 6;

function createGene(dimension: Dimension): Gene {
  if (dimension.kind === "categorical") return { dimension, numeric: undefined };
  const axis = modelAxis(dimension);
  const interval =
    dimension.prior === "normal"
      ? { low: -Infinity, high: Infinity, width: normalWidth }
      : { low: 0, high: 1, width: 1 };
  return { dimension, numeric: { dimension, axis, interval } };
}

function activeIn(point: Point): number {
  let active = 0;
  for (const value of point) if (!Number.isNaN(value)) active += 1;
  return active;
}

function otherOption(dimension: Dimension, option: number, random: Random): number {
  if (dimension.kind !== "categorical" || dimension.size === 1) return option;
  return (option + 1 + randomInteger(random, dimension.size - 1)) % dimension.size;
}

function between({ axis, interval }: NumericGene, one: number, other: number, random: Random): number {
  if (one === other) return one;
  const coordinate = simulatedBinaryCrossover(
    [axis.toModel(one), axis.toModel(other)],
    interval,
    crossoverIndex,
    random,
  );
  return axis.toValue(coordinate);
}

/** On a grid at least to a neighbour: where cells are wide most steps would end where they began. */
function step({ dimension, axis, interval }: NumericGene, value: number, random: Random): number {
  const from = axis.toModel(value);
  const to = polynomialMutation(from, interval, mutationIndex, random);
  const found = axis.toValue(to);
  const { q } = dimension;
  if (q === undefined || found !== value) return found;
  return neighbour(dimension, value, to < from ? -q : q);
}

/** At an end of the grid the only neighbour there is. */
function neighbour(dimension: NumericDimension, value: number, stride: number): number {
  const { low, high } = dimension;
  const inside = (next: number): number => snap(dimension, Math.min(high, Math.max(low, next)));
  const there = inside(value + stride);
  return there === value ? inside(value - stride) : there;
}
