import { seeded } from "../../src/model/index.ts";

/** A number in [0, 1) that depends on what is asked for alone, not on when: a smaller scenario keeps its luck. */
export type Dice = (...question: readonly (string | number)[]) => number;

export function diceOf(seed: number): Dice {
  return (...question) => {
    const text = question.join(" ");
    let hash = seed ^ 0x811c9dc5;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    return seeded(hash >>> 0).next();
  };
}

/** One of several, by chance; undefined where there is none. */
export function pick<T>(items: readonly T[], chance: number): T | undefined {
  return items[Math.floor(chance * items.length)];
}
