import type { Point } from "../../model/index.ts";
import { nameOf } from "../point-name.ts";
import type { Rung } from "./brackets.ts";
import { type OpenBracket, budgetOf, goOn, hasRoom, isClosed, openBracket } from "./open-bracket.ts";

/** An evaluation that may be handed out. */
export interface Task {
  /** Place among the budgets. */
  readonly budget: number;
  /** The configuration that goes on; undefined: a new one. */
  readonly goingOn?: { readonly name: string; readonly configuration: Point };
  /** Whose it is; a number: of the bracket that is opened with it. */
  readonly bracket: OpenBracket | number;
}

/** How often a configuration is handed out with the same budget when it comes back without a result. */
const mostAttempts = 2;

/**
 * The course of all brackets: what is to be evaluated next, by what came of the evaluations before.
 *
 * As many brackets are open as there are jobs to be kept busy: configurations that go on come first, then new ones for brackets that
 * are open, then the next bracket is opened; nothing ever waits. A rung is over when all of it has ended; the best go on, failures do
 * not. What was evaluated with a budget before counts without being evaluated again.
 */
export class Halving {
  readonly #brackets: readonly (readonly Rung[])[];
  readonly #isExhausted: (budget: number) => boolean;
  #opened = 0;
  #open: OpenBracket[] = [];
  readonly #losses = new Map<string, number>();
  /** The brackets of evaluations that run. */
  readonly #awaiting = new Map<string, readonly OpenBracket[]>();
  readonly #attempts = new Map<string, number>();

  /** @param isExhausted whether no new configuration is left that could be evaluated with the budget */
  constructor(brackets: readonly (readonly Rung[])[], isExhausted: (budget: number) => boolean) {
    this.#brackets = brackets;
    this.#isExhausted = isExhausted;
  }

  /** What may be handed out now, the most urgent first. Never empty: the last ones open a bracket. */
  *tasks(): Generator<Task> {
    for (const bracket of this.#open)
      for (const [name, configuration] of bracket.waiting)
        yield { bracket, budget: budgetOf(bracket), goingOn: { name, configuration } };
    for (const bracket of this.#open) if (hasRoom(bracket)) yield { bracket, budget: budgetOf(bracket) };
    for (let number = this.#opened; number < this.#opened + this.#brackets.length; number++)
      yield { bracket: number, budget: this.#rungsOf(number)[0]!.budget };
  }

  /** A configuration was handed out with a budget: for the first task that it fits, or for none. */
  take(configuration: Point, budget: number): void {
    const name = nameOf(configuration);
    for (const task of this.tasks()) {
      const fits = task.goingOn === undefined || task.goingOn.name === name;
      if (task.budget === budget && fits) return this.#begin(task, name);
    }
  }

  /** It is being evaluated, and was not handed out here. */
  watch(configuration: Point, budget: number): void {
    this.#await(keyOf(nameOf(configuration), budget), []);
  }

  /** What came of it. Infinity: it failed, or its result was none. Evaluations that were not handed out are known from now on. */
  finish(configuration: Point, budget: number, loss: number): void {
    const name = nameOf(configuration);
    const key = keyOf(name, budget);
    this.#losses.set(key, loss);
    this.#attempts.delete(key);
    for (const bracket of [...this.#noLongerAwaited(key), ...this.#noLongerWaiting(name, budget)])
      bracket.done.push({ name, configuration, loss });
    this.#settle();
  }

  /** It was handed out and not evaluated. */
  giveBack(configuration: Point, budget: number): void {
    const name = nameOf(configuration);
    const key = keyOf(name, budget);
    const isHopeless = (this.#attempts.get(key) ?? 0) >= mostAttempts;
    if (isHopeless) this.#losses.set(key, Infinity);
    for (const bracket of this.#noLongerAwaited(key)) {
      if (bracket.stage === 0) bracket.begun -= 1;
      else if (isHopeless) bracket.done.push({ name, configuration, loss: Infinity });
      else bracket.waiting.set(name, configuration);
    }
    this.#settle();
  }

  #begin({ bracket, budget, goingOn }: Task, name: string): void {
    const key = keyOf(name, budget);
    this.#attempts.set(key, (this.#attempts.get(key) ?? 0) + 1);
    if (goingOn !== undefined) return this.#await(key, this.#noLongerWaiting(name, budget));
    const its = typeof bracket === "number" ? this.#openBracket(bracket) : bracket;
    its.begun += 1;
    this.#await(key, [its]);
  }

  #openBracket(number: number): OpenBracket {
    this.#opened = number + 1;
    const bracket = openBracket(this.#rungsOf(number));
    this.#open.push(bracket);
    return bracket;
  }

  #rungsOf(number: number): readonly Rung[] {
    return this.#brackets[number % this.#brackets.length]!;
  }

  #await(key: string, brackets: readonly OpenBracket[]): void {
    for (const bracket of brackets) bracket.running += 1;
    this.#awaiting.set(key, [...(this.#awaiting.get(key) ?? []), ...brackets]);
  }

  #noLongerAwaited(key: string): readonly OpenBracket[] {
    const brackets = this.#awaiting.get(key) ?? [];
    this.#awaiting.delete(key);
    for (const bracket of brackets) bracket.running -= 1;
    return brackets;
  }

  /** All brackets that were going on with the configuration: one evaluation is for all of them. */
  #noLongerWaiting(name: string, budget: number): readonly OpenBracket[] {
    return this.#open.filter((bracket) => budgetOf(bracket) === budget && bracket.waiting.delete(name));
  }

  /** Moves every bracket on as far as it goes. */
  #settle(): void {
    for (const bracket of this.#open)
      while (!isClosed(bracket) && this.#isOver(bracket)) {
        goOn(bracket);
        if (!isClosed(bracket)) this.#lookUp(bracket);
      }
    this.#open = this.#open.filter((bracket) => !isClosed(bracket));
  }

  /** Configurations that go on to a budget with which they were evaluated, or are being evaluated, elsewhere. */
  #lookUp(bracket: OpenBracket): void {
    for (const [name, configuration] of bracket.waiting) {
      const key = keyOf(name, budgetOf(bracket));
      const loss = this.#losses.get(key);
      if (loss === undefined && !this.#awaiting.has(key)) continue;
      bracket.waiting.delete(name);
      if (loss === undefined) this.#await(key, [bracket]);
      else bracket.done.push({ name, configuration, loss });
    }
  }

  #isOver(bracket: OpenBracket): boolean {
    if (bracket.running > 0 || bracket.waiting.size > 0) return false;
    return !hasRoom(bracket) || this.#isExhausted(budgetOf(bracket));
  }
}

function keyOf(name: string, budget: number): string {
  return `${budget}:${name}`;
}
