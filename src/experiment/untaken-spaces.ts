import type { NumberedRecord, SearchSpace } from "../model/index.ts";

/**
 * Search spaces by which nothing was proposed, with a failure of the tuner before the next one was set: a tuner that is
 * started again hears that next one in their place. One that it cannot take would otherwise stop it after every unpause,
 * whatever a person sets. In their place, because checkpoints count the spaces that a tuner has heard of.
 */
export class UntakenSpaces {
  readonly #replaced = new Map<number, SearchSpace | null>();
  /** Places of those by which nothing has been proposed yet. */
  #untried: readonly number[] = [];
  #failedAt = Infinity;

  see({ seq, record }: NumberedRecord): void {
    if (record.kind === "phase-proposed" && record.additionId === undefined) {
      this.#proposed(record.heard);
    } else if (record.kind === "experiment-created") {
      this.#untried = [seq];
    } else if (record.kind === "config-changed" && record.changes.searchSpace !== undefined) {
      this.#another(seq, record.changes.searchSpace);
    } else if (record.kind === "experiment-status" && record.cause === "tuner") {
      this.#failedAt = Math.min(this.#failedAt, seq);
    }
  }

  /** What is told at this place of the journal instead of what stands there. */
  instead(place: number): SearchSpace | null | undefined {
    return this.#replaced.get(place);
  }

  #proposed(heard: number): void {
    this.#untried = this.#untried.filter((place) => place > heard);
    if (heard > this.#failedAt) this.#failedAt = Infinity;
  }

  #another(seq: number, space: SearchSpace | null): void {
    if (this.#failedAt < seq) for (const place of this.#untried) this.#replaced.set(place, space);
    this.#untried = [...this.#untried, seq];
  }
}
