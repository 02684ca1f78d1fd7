/** What every example has, whatever the language of its trial. */

export interface Example {
  /** Name, relative to the example's directory → text. */
  readonly files: { readonly [name: string]: string };
  /** Whether the trial needs the npm package beside it. */
  readonly needsPackage: boolean;
}

export function configText(command: string): string {
  return `# An experiment. Start it:  polyphase run -c config.yml
experimentName: example
searchSpacePath: search_space.json
# Two trial jobs at once; each evaluates one configuration after the other.
trialConcurrency: 2
multiPhase: true
# The experiment ends when the first of these limits is reached.
maxPhaseNum: 40
maxExecDuration: 10m
trainingServicePlatform: local
tuner:
  builtinTunerName: TPE
  classArgs:
    optimize_mode: maximize
trial:
  command: ${command}
  codeDir: .
`;
}

export const searchSpaceText = `{
  "hidden_units": { "_type": "choice", "_value": [2, 4, 8, 16] },
  "learning_rate": { "_type": "loguniform", "_value": [0.0001, 1] },
  "momentum": { "_type": "uniform", "_value": [0, 0.99] }
}
`;
