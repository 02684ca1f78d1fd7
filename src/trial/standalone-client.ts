import type { ReportOutcome, TrialClient, TrialPhase } from "./client.ts";
import type { TrialSettings } from "./environment.ts";
import { resultText } from "./result-text.ts";

export interface Console {
  /** What the trial has to say, for people. */
  print(line: string): void;
  /** What the user should know though nothing is lost. */
  warn(line: string): void;
}

/** A trial without a manager, for trying it out: no parameters, and results are printed. */
export function standaloneClient(settings: TrialSettings, { print, warn }: Console): TrialClient {
  let warned = false;
  const nothing = <Parameters>(): Parameters => {
    if (!warned) warn("no manager started this process: running standalone, the parameters are {}");
    warned = true;
    return {} as Parameters;
  };
  const intermediate = async (value: unknown): Promise<ReportOutcome> => {
    print(`Intermediate result: ${resultText(value)}`);
    return { stopped: false };
  };
  const final = async (value: unknown): Promise<void> => print(`Final result: ${resultText(value)}`);

  async function* phases<Parameters>(): AsyncGenerator<TrialPhase<Parameters>, void, undefined> {
    yield { parameters: nothing(), parameterIndex: 0, reportIntermediate: intermediate, report: final };
  }

  return {
    standalone: true,
    getNextParameter: async <Parameters>() => nothing<Parameters>(),
    getCurrentParameter: <Parameters>(tag?: string) => (tag === undefined ? ({} as Parameters) : null),
    reportIntermediateResult: intermediate,
    reportFinalResult: final,
    log: async (text) => print(text),
    getExperimentId: () => settings.experimentId,
    getTrialId: () => settings.trialJobId,
    getSequenceId: () => settings.trialJobNumber,
    phases,
  };
}
