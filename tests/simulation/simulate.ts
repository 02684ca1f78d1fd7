import { fold, memoryJournal } from "../../src/journal/index.ts";
import type { ExperimentState, ExperimentStatus } from "../../src/model/index.ts";
import { diceOf } from "./dice.ts";
import type { Dice } from "./dice.ts";
import type { Ground } from "./ground.ts";
import type { Mutant } from "./mutants.ts";
import { network } from "./network.ts";
import { peopleActions } from "./people.ts";
import type { PeopleAction } from "./people.ts";
import { peace } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import { schedule } from "./schedule.ts";
import { site } from "./site.ts";
import { Succession } from "./succession.ts";
import type { Seen, Trail, Witness } from "./witness.ts";

export interface Run extends Trail {
  readonly scenario: Scenario;
  /** The journal's lines. */
  readonly lines: readonly string[];
  /** As the last manager's experiment said it; undefined where it did not end. */
  readonly status: ExperimentStatus | undefined;
  /** Of the last manager. */
  readonly state: ExperimentState;
  /** What the journal says. */
  readonly folded: ExperimentState;
  /** Processes that run though the experiment has ended. */
  readonly alive: readonly string[];
  /** The same experiment without any trouble, where the two are to be compared. */
  readonly undisturbed: Run | undefined;
}

/** Far more than any run needs that ends. */
const longest = { ms: 7 * 24 * 3_600_000, steps: 20_000 };
/** What is under way when the experiment has ended comes to its end. */
const aftermath = { ms: 600_000, steps: 25_000 };

/** Plays a scenario from the first start of a manager to the end of everything. */
export async function simulate(scenario: Scenario, more: Partial<MoreOfRun> = {}): Promise<Run> {
  const ground = groundOf(scenario, more.mutant);
  const place = site(ground, network(ground));
  const managers = new Succession(ground, place);
  for (const { at, does } of scenario.people) ground.schedule.after(at, () => interfere(ground, does));
  managers.begin();
  await ground.schedule.run(() => managers.status !== undefined, {
    ...longest,
    beforeStep: (step) => managers.beforeStep(step),
  });
  await ground.schedule.run(() => false, aftermath);
  const records = [...memoryJournal(ground.lines).read()];
  return {
    scenario,
    lines: ground.lines,
    records,
    folded: fold(records),
    seen: ground.witness.seen,
    status: managers.status,
    state: managers.state,
    alive: place.alive,
    undisturbed: more.undisturbed ?? (await undisturbedOf(scenario)),
  };
}

interface MoreOfRun {
  readonly mutant: Mutant;
  /** Where it is known already. */
  readonly undisturbed: Run;
}

async function undisturbedOf(scenario: Scenario): Promise<Run | undefined> {
  return scenario.steady && isDisturbed(scenario) ? simulate({ ...scenario, ...peace }) : undefined;
}

function isDisturbed({ kills, network: { drop, duplicate, delayMs }, trouble }: Scenario): boolean {
  return kills.length > 0 || drop + duplicate + delayMs + trouble.slow > 0;
}

function groundOf(scenario: Scenario, mutant: Mutant | undefined): Ground {
  const time = schedule(scenario.seed);
  const lines: string[] = [];
  const seen: Seen[] = [];
  const witness: Witness = {
    seen,
    note: (sight) => void seen.push({ ...sight, durable: lines.length, at: time.now() }),
  };
  return {
    scenario,
    schedule: time,
    dice: diceOf(scenario.seed),
    witness,
    lines,
    mutant,
    manager: undefined,
  };
}

function interfere(ground: Ground, does: PeopleAction): void {
  const { manager, witness, schedule: time, scenario } = ground;
  if (!manager) return;
  const note: Witness["note"] = (sight) => {
    if (manager.alive) witness.note(sight);
  };
  const dice: Dice = (...what) => ground.dice("person", does, time.now(), ...what);
  const { experiment } = manager;
  const person = { experiment, witness: { ...witness, note }, tuner: scenario.tuner, dice };
  void peopleActions[does](person).catch(() => {});
}
