import type { JsonObject } from "../model/index.ts";
import type { Issue } from "./issue.ts";
import { configJsonSchema } from "./json-schema.ts";
import { propertiesAt } from "./key-schema.ts";
import { otherPlatformOfKey } from "./supported.ts";
import { closest, didYouMean } from "../model/suggest.ts";

type Path = readonly (string | number)[];

/** A file with more unknown keys than this is no config: no use in guessing what each was to mean. */
const mostGuesses = 50;

/** The faults of keys that a section does not have, with what their writer may have meant. */
export function unknownKeys(section: Path, keys: readonly string[]): Issue[] {
  const root = configJsonSchema();
  return keys.map((key, index) => ({
    path: [...section, key],
    message: "unknown key",
    at: "key",
    ...(index < mostGuesses ? guess(root, section, key) : {}),
  }));
}

function guess(root: JsonObject, section: Path, key: string): Pick<Issue, "hint" | "meant"> {
  const path = [...section, key].join(".");
  const platform = otherPlatformOfKey(path);
  if (platform !== undefined) {
    return { hint: `belongs to training service ${platform}, not supported in this version` };
  }
  const newName = nameHere([...section, key]);
  if (newName !== undefined) return { hint: `here it is called ${newName}`, meant: newName.split(".") };
  const home = otherSection(root, section, key);
  if (home !== undefined) {
    const where = home.length === 0 ? "at the top level" : `under ${home.join(".")}`;
    return { hint: `belongs ${where}`, meant: [...home, key] };
  }
  const known = Object.keys(propertiesAt(root, section));
  const meant = closest(key, known);
  return meant === undefined ? {} : { hint: didYouMean(key, known), meant: [...section, meant] };
}

/** What a key of NNI 2 is called here; its files may spell it `trialCommand` or `trial_command`. */
export function nameHere(path: Path): string | undefined {
  const inOneWord = path.join(".").replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(otherNames, inOneWord) ? otherNames[inOneWord] : undefined;
}

/** Names of the same things in NNI 2. */
const otherNames: { readonly [path: string]: string } = {
  maxExperimentDuration: "maxExecDuration",
  maxTrialDuration: "phaseTimeout",
  maxTrialNumber: "maxTrialNum",
  searchSpaceFile: "searchSpacePath",
  trainingService: "trainingServicePlatform",
  trialCodeDirectory: "trial.codeDir",
  trialCommand: "trial.command",
  trialGpuNumber: "trial.gpuNum",
  tunerGpuIndices: "tuner.gpuIndices",
  experimentWorkingDirectory: "logDir",
  "tuner.name": "tuner.builtinTunerName",
  "assessor.name": "assessor.builtinAssessorName",
  "advisor.name": "advisor.builtinAdvisorName",
  "tuner.codeDirectory": "tuner.codeDir",
  "assessor.codeDirectory": "assessor.codeDir",
  "advisor.codeDirectory": "advisor.codeDir",
};

/** The section, or `[]` for the top level, that has a key of this very name. */
function otherSection(root: JsonObject, section: Path, key: string): readonly string[] | undefined {
  const homes = section.length > 0 ? [[]] : [["trial"], ["localConfig"], ["tuner"]];
  return homes.find((home) => Object.hasOwn(propertiesAt(root, home), key));
}
