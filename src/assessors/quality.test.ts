import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { drawnFrom, reported } from "../../tests/support/learning-curves.ts";
import type { Assessor, JsonObject, Random } from "../model/index.ts";
import { seeded } from "../model/index.ts";
import { createBuiltinAssessor } from "./registry.ts";

// Five experiments of 50 phases of one family, one after the other, 20 results each, with noise of 0.01: the figures of docs/assessors.md.
const seeds = [1, 2, 3, 4, 5];
const phases = 50;
const steps = 20;

/** In percent. */
interface Figures {
  readonly resultsSaved: number;
  /** Of the phases in the worse half of all. */
  readonly badStopped: number;
  /** Of the phases that would have become the best one when they came. */
  readonly bestStopped: number;
}

interface Life {
  readonly gain: number;
  readonly length: number;
  /** Whether it was better than all succeeded phases before it. */
  readonly isBest: boolean;
}

const assessors: Readonly<Record<string, readonly [string, JsonObject]>> = {
  Medianstop: ["Medianstop", {}],
  "Medianstop, start_step: 5": ["Medianstop", { start_step: 5 }],
  Curvefitting: ["Curvefitting", {}],
};

function measured(assessor: string, family: string): Figures {
  const [name, classArgs] = assessors[assessor]!;
  const optimizeMode = family.startsWith("loss") ? "minimize" : "maximize";
  const lives = seeds.flatMap((seed) =>
    experiment(createBuiltinAssessor(name, { seed, optimizeMode, classArgs }), family, {
      sign: optimizeMode === "maximize" ? 1 : -1,
      random: seeded(seed),
    }),
  );
  const stopped = (some: readonly Life[]): number =>
    (100 * some.filter(({ length }) => length < steps).length) / some.length;
  const byGain = lives.toSorted((one, other) => other.gain - one.gain);
  return {
    resultsSaved: 100 * (1 - lives.reduce((sum, { length }) => sum + length, 0) / (lives.length * steps)),
    badStopped: stopped(byGain.slice(lives.length / 2)),
    bestStopped: stopped(lives.filter(({ isBest }) => isBest)),
  };
}

function experiment(
  assessor: Assessor,
  family: string,
  { sign, random }: { readonly sign: number; readonly random: Random },
): readonly Life[] {
  let best = -Infinity;
  return Array.from({ length: phases }, (_, id) => {
    const curve = drawnFrom[family]!(random);
    const length = live(assessor, id, reported(curve, { steps, noise: 0.01 }, random));
    const gain = sign * curve(steps);
    const isBest = gain > best;
    if (length === steps) best = Math.max(best, gain);
    return { gain, length, isBest };
  });
}

/** After how many results the phase ended. */
function live(assessor: Assessor, parameterId: number, results: readonly number[]): number {
  const phase = { parameterId, trialJobId: "job", parameterIndex: parameterId };
  for (let n = 1; n <= results.length; n++) {
    const curve = results.slice(0, n);
    if (assessor.assessPhase(phase, curve) === true && n < results.length) continue;
    const outcome = n < results.length ? "stopped" : "succeeded";
    void assessor.phaseEnd?.({ ...phase, outcome, value: curve.at(-1)! }, curve);
    return n;
  }
  return results.length;
}

/** Whole percents, by the page. */
function printed(assessor: string, family: string): Figures {
  const page = readFileSync(new URL("../../docs/assessors.md", import.meta.url), "utf8");
  const row = page.split("\n").find((line) => {
    const [, first, second] = line.split("|").map((cell) => cell.replaceAll("`", "").trim());
    return first === assessor && second === family;
  });
  const percents = Array.from(row?.matchAll(/(\d+) %/g) ?? [], ([, percent]) => Number(percent));
  const [resultsSaved = NaN, badStopped = NaN, bestStopped = NaN] = percents;
  return { resultsSaved, badStopped, bestStopped };
}

describe.each(Object.keys(assessors))("%s", (assessor) => {
  test.each(Object.keys(drawnFrom))(
    "%s: stops bad phases and keeps good ones, as the page says",
    (family) => {
      const figures = measured(assessor, family);
      const said = printed(assessor, family);
      for (const key of ["resultsSaved", "badStopped", "bestStopped"] as const)
        expect(Math.abs(figures[key] - said[key]), `${key}: ${figures[key]}`).toBeLessThan(2);
    },
  );
});
