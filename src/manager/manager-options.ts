import type { Recovery } from "../experiment/index.ts";
import type { ExperimentConfig, ObservedPoint } from "../model/index.ts";
import type { Serving } from "./serving.ts";

export interface ManagerOptions {
  readonly home: string;
  /** For a new experiment; with `resume` the journal's own config counts. */
  readonly config?: ExperimentConfig;
  /** Required with `resume`; drawn where it is left out. */
  readonly experimentId?: string;
  readonly resume?: boolean;
  /** 0, the default: a free one; a resumed experiment takes its old one if it can. */
  readonly port?: number;
  /**
   * Where to listen: by default for this machine only, or, with `resume`, where it listened before. Given in part, the rest
   * is as by default.
   */
  readonly serving?: Partial<Serving>;
  /** See ExperimentDeps; the default is `end`. */
  readonly onTunerFailure?: "pause" | "end";
  /** Results from elsewhere that the tuner hears of before it is asked for anything (more); those that it cannot use are left out. */
  readonly points?: readonly ObservedPoint[];
  /** With `resume`: other limits than before, or that it is only to be stopped. */
  readonly recovery?: Recovery;
}
