import type { TrialClient, TrialPhase } from "./client.ts";
import type { TrialSettings } from "./environment.ts";
import { logLines } from "./log-lines.ts";
import type { Manager } from "./manager.ts";
import type { Phase } from "./session.ts";
import { openSession } from "./session.ts";

/** A trial job under a manager. Calls take effect one at a time, in the order in which they were made. */
export function managedClient(
  settings: TrialSettings,
  manager: Manager,
  warn: (text: string) => void,
): TrialClient {
  const session = openSession(manager, settings.firstIndex, warn);
  const inOrder = oneAtATime();

  async function* phases<Parameters>(): AsyncGenerator<TrialPhase<Parameters>, void, undefined> {
    for (let phase = await inOrder(session.next); phase !== null; phase = await inOrder(session.next)) {
      const open = phase;
      yield {
        parameters: open.parameters as Parameters,
        parameterIndex: open.index,
        reportIntermediate: (value) => inOrder(() => session.intermediate(value, "reportIntermediate", open)),
        report: (value) => inOrder(() => session.final(value, "report", open)),
      };
    }
  }

  return {
    standalone: false,
    getNextParameter: async <Parameters>() =>
      ((await inOrder(session.next))?.parameters ?? null) as Parameters | null,
    getCurrentParameter: <Parameters>(tag?: string) => tagged(session.current, tag) as Parameters | null,
    reportIntermediateResult: (value) =>
      inOrder(() => session.intermediate(value, "reportIntermediateResult")),
    reportFinalResult: (value) => inOrder(() => session.final(value, "reportFinalResult")),
    async log(text) {
      for (const lines of logLines(text)) await manager.post("log", JSON.stringify({ lines }));
    },
    getExperimentId: () => settings.experimentId,
    getTrialId: () => settings.trialJobId,
    getSequenceId: () => settings.trialJobNumber,
    phases,
  };
}

/** Runs one after the other what is given to it, also after a failure. */
function oneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}

function tagged(phase: Phase | null, tag: string | undefined): unknown {
  if (phase === null || tag === undefined) return phase?.parameters ?? null;
  const parameters = phase.parameters as { readonly [name: string]: unknown } | null;
  return parameters?.[tag] ?? null;
}
