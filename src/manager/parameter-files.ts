import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Experiment } from "../experiment/index.ts";
import { packetText } from "../server/nni/job-info.ts";

/**
 * Writes the first parameters of each trial job to `trials/<job>/parameter.cfg`, where scripts written for NNI look for them.
 * Nothing of ours reads it: a disk that is full is no fault of the experiment's.
 */
export function writeParameterFiles(experiment: Experiment, directory: string): void {
  experiment.subscribe((records) => {
    for (const { record } of records) {
      if (record.kind !== "phase-proposed" || record.parameterIndex > 0) continue;
      const phase = experiment.state.phases.get(record.parameterId);
      if (phase) tryToWrite(join(directory, "trials", record.trialJobId), packetText(phase));
    }
  });
}

function tryToWrite(directory: string, text: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(join(directory, "parameter.cfg"), text, { mode: 0o600 });
  } catch {
    // see above
  }
}
