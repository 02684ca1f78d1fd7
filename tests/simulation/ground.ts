import type { Dice } from "./dice.ts";
import type { Manager } from "./manager.ts";
import type { Mutant } from "./mutants.ts";
import type { Scenario } from "./scenario.ts";
import type { Schedule } from "./schedule.ts";
import type { Witness } from "./witness.ts";

/** What all parties stand on, and what outlives them. */
export interface Ground {
  readonly scenario: Scenario;
  readonly schedule: Schedule;
  readonly dice: Dice;
  readonly witness: Witness;
  /** The journal's lines: what is durable. */
  readonly lines: string[];
  readonly mutant: Mutant | undefined;
  /** The living manager; undefined while there is none. */
  manager: Manager | undefined;
}
