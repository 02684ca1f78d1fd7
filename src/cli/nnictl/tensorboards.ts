/** The tensorboards that were started for an experiment, kept in a file of its directory. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { processStart, writePrivate } from "../../manager/home.ts";

export interface Tensorboard {
  readonly pid: number;
  /** Tells two processes with the same pid apart. */
  readonly processStart: string;
  readonly port: number;
}

const fileName = "tensorboard.json";

/** Those that are alive. */
export function livingTensorboards(directory: string): readonly Tensorboard[] {
  return readAll(directory).filter(isAlive);
}

export function isAlive({ pid, processStart: start }: Tensorboard): boolean {
  return processStart(pid) === start && start !== "";
}

/** Those that have gone are forgotten. */
export function keepTensorboards(directory: string, tensorboards: readonly Tensorboard[]): void {
  writePrivate(join(directory, fileName), `${JSON.stringify(tensorboards, null, 2)}\n`);
}

function readAll(directory: string): readonly Tensorboard[] {
  try {
    return JSON.parse(readFileSync(join(directory, fileName), "utf8")) as Tensorboard[];
  } catch {
    return [];
  }
}
