import type { Run } from "./simulate.ts";

/** One promise of the experiment, kept in every run whatever goes wrong. */
export interface RunRule {
  readonly id: string;
  readonly promise: string;
  /** Throws where the run breaks the promise. */
  check(run: Run): void;
}
