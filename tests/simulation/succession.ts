import type { Recovery } from "../../src/experiment/index.ts";
import type { ExperimentState, ExperimentStatus, JournalRecord } from "../../src/model/index.ts";
import { pick } from "./dice.ts";
import type { Ground } from "./ground.ts";
import { startManager } from "./manager.ts";
import type { Manager } from "./manager.ts";
import { changeBy } from "./people.ts";
import type { Kill } from "./scenario.ts";
import type { Site } from "./site.ts";

/** Managers one after the other: a killed one is followed by the next, an ended experiment may be resumed. */
export class Succession {
  /** Set when the last manager's experiment has ended. */
  status: ExperimentStatus | undefined;
  readonly #ground: Ground;
  readonly #site: Site;
  #newest: Manager | undefined;
  #managers = 0;
  #tuners = 0;
  #commits = 0;
  #resumes: number;

  constructor(ground: Ground, site: Site) {
    this.#ground = ground;
    this.#site = site;
    this.#resumes = ground.scenario.resumes;
  }

  /** Of the last manager. */
  get state(): ExperimentState {
    return (this.#newest as Manager).experiment.state;
  }

  begin(recovery: Recovery = {}): void {
    const around = {
      ground: this.#ground,
      site: this.#site,
      number: this.#managers++,
      recovery,
      tunerNumber: () => this.#tuners++,
      cutAt: (records: readonly JournalRecord[]) => this.#cutAt(records),
    };
    const manager = startManager(around, (status) => this.#onEnded(status));
    this.#newest = this.#ground.manager = manager;
    this.#mind(manager);
  }

  /** Kills whose time has come. */
  beforeStep(step: number): void {
    if (this.status !== undefined) return;
    const { scenario, manager } = this.#ground;
    const due = scenario.kills.filter(({ when, count }) => when === "step" && count === step);
    if (due.filter((kill) => this.#kill(kill)).length > 0 && manager) this.#die();
  }

  #onEnded(status: ExperimentStatus): void {
    if (this.#resumes-- > 0) this.#die();
    else this.status = status;
  }

  /** The manager is gone; another one comes. */
  #die(): void {
    const { schedule, dice, manager } = this.#ground;
    manager?.die();
    this.#ground.manager = undefined;
    const absence = dice("absence", this.#managers) * 6_000;
    schedule.after(Math.round(absence), () => this.begin(this.#recovery()));
  }

  /** Most people just resume; some with other limits, some only to stop it. */
  #recovery(): Recovery {
    const { scenario, dice } = this.#ground;
    const how = dice("recovery", this.#managers);
    if (scenario.steady || how < 0.7) return {};
    if (how < 0.85) return { stop: "a person who resumes it for that" };
    return { changes: changeBy((...what) => dice("change", this.#managers, ...what), scenario.tuner) };
  }

  /** Somebody unpauses a paused experiment, sooner or later. */
  #mind({ experiment }: Manager): void {
    const { schedule, dice } = this.#ground;
    experiment.subscribe((records) => {
      for (const { seq, record } of records) {
        if (record.kind !== "experiment-status" || record.status !== "PAUSED") continue;
        const unpause = (): void => void this.#ground.manager?.experiment.unpause().catch(() => {});
        schedule.after(Math.round(dice("pause", seq) * 20_000), unpause);
      }
    });
  }

  /** True: the manager is among the dead. */
  #kill({ whom }: Kill): boolean {
    const { manager, dice, schedule } = this.#ground;
    if (whom === "process" || whom === "both") {
      const name = pick(this.#site.alive, dice("whom", schedule.now()));
      if (name !== undefined) this.#site.killProcess(name);
    }
    if (whom === "tuner") manager?.killTuner();
    return whom === "manager" || whom === "both";
  }

  /** How many records of a commit become durable before the manager dies of it; undefined: it lives. */
  #cutAt(records: readonly JournalRecord[]): number | undefined {
    const commit = this.#commits++;
    if (this.status !== undefined) return undefined;
    const { scenario, lines } = this.#ground;
    const due = scenario.kills.filter((kill) => isDueAt(kill, commit, lines.length, records.length));
    const [deadly] = due.filter((kill) => this.#kill(kill));
    if (!deadly) return undefined;
    this.#die();
    if (deadly.when === "before-commit") return 0;
    return deadly.when === "after-commit" ? records.length : deadly.count - lines.length;
  }
}

function isDueAt({ when, count }: Kill, commit: number, durable: number, records: number): boolean {
  if (when === "before-commit" || when === "after-commit") return count === commit;
  return when === "record" && count > durable && count <= durable + records;
}
