import assert from "node:assert/strict";
import type { Json, JsonObject, ParameterSpec, SearchSpace } from "../model/index.ts";
import { canonical } from "../model/index.ts";
import { contains, flatten } from "../space/index.ts";
import type { Rule } from "./rule.ts";
import { type TunerHarness, openDesk } from "./tuner-desk.ts";

/** Ranges at the ends of what a search space may hold; each space has infinitely many points. */
const oddSpaces: Readonly<Record<string, SearchSpace>> = {
  "one-point ranges": {
    free: { _type: "uniform", _value: [0, 1] },
    option: { _type: "choice", _value: ["only"] },
    fixed: { _type: "uniform", _value: [3, 3] },
    whole: { _type: "randint", _value: [4, 5] },
    step: { _type: "quniform", _value: [2, 2, 1] },
    power: { _type: "loguniform", _value: [0.01, 0.01] },
  },
  "huge ranges": {
    line: { _type: "uniform", _value: [-1e300, 1e300] },
    power: { _type: "loguniform", _value: [1e-300, 1e300] },
    whole: { _type: "randint", _value: [-(2 ** 40), 2 ** 40] },
    step: { _type: "quniform", _value: [0, 1e15, 1] },
    bell: { _type: "normal", _value: [0, 1e150] },
    skew: { _type: "lognormal", _value: [0, 50] },
  },
  "tiny ranges": {
    line: { _type: "uniform", _value: [1, 1 + 1e-12] },
    power: { _type: "loguniform", _value: [1e-12, 1.000001e-12] },
    step: { _type: "quniform", _value: [0, 1e-9, 1e-10] },
    bell: { _type: "normal", _value: [5, 1e-9] },
    still: { _type: "qnormal", _value: [0, 1e-3, 5] },
  },
};

/** Results as they come from objectives without shape or measure. */
const oddResults: readonly number[] = [0, 0, 0, 0, 1e308, -1e308, 1e-308, 5, 5, 5, 5, 5, 5, 5];

const bowlSpace: SearchSpace = {
  x: { _type: "uniform", _value: [-5, 10] },
  y: { _type: "uniform", _value: [0, 15] },
};

/** 400 points. */
const gridSpace: SearchSpace = {
  x: { _type: "randint", _value: [0, 10] },
  y: { _type: "quniform", _value: [0, 9, 1] },
  kind: { _type: "choice", _value: ["a", "b", "c", "d"] },
};

/** What a tuner promises of spaces and numbers of jobs at the ends of what people have. */
export const spaceRules: readonly Rule<TunerHarness>[] = [
  {
    id: "tuner/odd-ranges",
    promise:
      "one-point, huge and tiny ranges, and results that are equal or as large as numbers get, are searched",
    async check({ create }) {
      for (const [name, space] of Object.entries(oddSpaces)) {
        const flat = flatten(space);
        const desk = openDesk(await create(space, 1));
        for (const value of [...oddResults, ...oddResults]) {
          const { parameterId, parameters } = await desk.ask();
          assert.ok(contains(flat, parameters), `outside the ${name}: ${canonical(parameters)}`);
          await desk.tell(parameterId, value);
        }
      }
    },
  },
  {
    id: "tuner/many-dimensions",
    promise: "spaces of 1 and of 200 dimensions are searched without repeats",
    async check({ create }) {
      for (const dimensions of [1, 200]) {
        const space = wideAs(dimensions);
        const flat = flatten(space);
        const desk = openDesk(await create(space, 1));
        const seen = new Set<string>();
        for (let i = 0; i < 25; i++) {
          const { parameterId, parameters } = await desk.ask();
          assert.ok(contains(flat, parameters), `outside the space: ${canonical(parameters)}`);
          seen.add(canonical(parameters));
          await desk.tell(parameterId, sumOf(parameters));
        }
        assert.equal(seen.size, 25, `repeats in ${dimensions} dimensions`);
      }
    },
  },
  {
    id: "tuner/twenty-at-once",
    promise: "twenty jobs at once get twenty different points, in a finite space never one that has been",
    async check({ create }) {
      await keepTwentyOpen(openDesk(await create(gridSpace, 1)), { repeats: "never", asks: 120 });
      await keepTwentyOpen(openDesk(await create(bowlSpace, 1)), { repeats: "not while open", asks: 80 });
    },
  },
];

/** `dimensions` numbers, in turn on a line, on a logarithmic one and on a grid; the first on a line. */
function wideAs(dimensions: number): SearchSpace {
  const kinds: readonly ParameterSpec[] = [
    { _type: "uniform", _value: [-1, 1] },
    { _type: "loguniform", _value: [0.01, 1] },
    { _type: "randint", _value: [0, 5] },
  ];
  return Object.fromEntries(
    Array.from({ length: dimensions }, (_, i) => [`x${i}`, kinds[i % kinds.length]!] as const),
  );
}

function sumOf(parameters: Json): number {
  return Object.values(parameters as JsonObject).reduce<number>((sum, each) => sum + Number(each), 0);
}

/** Ends the open phases in a mixed-up order, each with the distance of its x and y from (3, 5). */
async function keepTwentyOpen(
  desk: ReturnType<typeof openDesk>,
  { repeats, asks }: { readonly repeats: "never" | "not while open"; readonly asks: number },
): Promise<void> {
  const seen = new Set<string>();
  for (let i = 0; i < asks; i++) {
    if (repeats === "not while open") seen.clear();
    if (repeats === "not while open")
      for (const parameters of desk.open.values()) seen.add(canonical(parameters));
    const { parameters } = await desk.ask();
    assert.ok(!seen.has(canonical(parameters)), `proposed again: ${canonical(parameters)}`);
    seen.add(canonical(parameters));
    if (desk.open.size < 20) continue;
    const [id, ended] = [...desk.open][(7 * i) % 20]!;
    const { x, y } = ended as { x: number; y: number };
    await desk.tell(id, (x - 3) ** 2 + (y - 5) ** 2);
  }
}
