import type { FlatSpace, Point, Random } from "../../model/index.ts";
import { rankPoints } from "../ranked-points.ts";
import type { Searcher } from "../searcher.ts";
import { type Visits, createVisits, drawUntilNew } from "../visits.ts";
import type { HyperbandPlan } from "./brackets.ts";
import { Halving } from "./halving.ts";

/** Where new configurations come from. */
export interface ConfigurationSource {
  /** Changes nothing. */
  draw(random: Random): Point;
  /** What came of a configuration with a budget (its place among the budgets). Infinity: it failed. */
  learn?(configuration: Point, budget: number, loss: number): void;
}

/** Points of the space with one dimension more, the last one: the place of the budget. */
export function halvingSearcher(
  space: FlatSpace,
  { budgets, brackets }: HyperbandPlan,
  createSource: (configurations: FlatSpace) => ConfigurationSource,
): Searcher {
  const configurations = { dimensions: space.dimensions.slice(0, -1) };
  const source = createSource(configurations);
  const ranked = rankPoints(configurations);
  const visits = budgets.map(() => ranked && createVisits(ranked));
  const halving = new Halving(brackets, (budget) => visits[budget]?.exhausted === true);
  const learn = (point: Point, loss: number): void => {
    const { configuration, budget } = apart(point);
    visits[budget]?.learn(configuration);
    source.learn?.(configuration, budget, loss);
    halving.finish(configuration, budget, loss);
  };
  return {
    findsNewOnes: true,
    suggest(random) {
      for (const { budget, goingOn } of halving.tasks()) {
        const next = goingOn?.configuration ?? newConfiguration(source, visits[budget], random);
        if (next !== undefined) return together(next, budget);
      }
      return undefined;
    },
    propose(point) {
      const { configuration, budget } = apart(point);
      visits[budget]?.propose(configuration);
      halving.take(configuration, budget);
    },
    carryOn(point) {
      const { configuration, budget } = apart(point);
      visits[budget]?.learn(configuration);
      halving.watch(configuration, budget);
    },
    learn,
    learnFailure: (point) => learn(point, Infinity),
    takeBack(point) {
      const { configuration, budget } = apart(point);
      visits[budget]?.release(configuration);
      halving.giveBack(configuration, budget);
    },
  };
}

/** Undefined where every configuration was evaluated with the budget, or is being so. */
function newConfiguration(
  source: ConfigurationSource,
  visits: Visits | undefined,
  random: Random,
): Point | undefined {
  if (visits?.exhausted) return undefined;
  return drawUntilNew(visits, random, () => source.draw(random));
}

function together(configuration: Point, budget: number): Point {
  return Float64Array.of(...configuration, budget);
}

function apart(point: Point): { readonly configuration: Point; readonly budget: number } {
  return { configuration: point.slice(0, -1), budget: point.at(-1)! };
}
