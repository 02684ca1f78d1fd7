/** What this version can do, of all that a config may ask for. A part that is built later adds itself to a list here. */
import type { AlgorithmSection, ConfigFile } from "./config-file.ts";
import { type Issue, show } from "./issue.ts";
import { didYouMean } from "../model/suggest.ts";
import { advisorNames } from "../model/trial-budgets.ts";

/** Training services. */
const platforms = ["local"];
/** Training services for experiments that are written as a program, not as a file. */
const programPlatforms = ["function"];
/** Languages of classes of the user's own, by the ending of `classFileName`. */
const classFileEndings = [".py", ".js", ".mjs", ".cjs", ".ts", ".mts"];

/** Names that users of other versions know: for them "not in this version" is the better answer than "unknown". */
const namesElsewhere = {
  platforms: words(
    "remote ssh slurm openpai pai paiYarn ray kubeflow frameworkcontroller aml dlts adl hybrid",
  ),
  tuners: [
    ...words("TPE Random Anneal Evolution SMAC BatchTuner GridSearch NetworkMorphism MetisTuner GPTuner"),
    ...words("PPOTuner PBTTuner RegularizedEvolutionTuner DNGOTuner CMAES"),
  ],
  assessors: words("Medianstop Curvefitting"),
  advisors: [],
};

function words(text: string): readonly string[] {
  return text.split(" ");
}

/** Keys of services that are to come. */
const keysOfPlatforms: { readonly [path: string]: string } = {
  sshConfig: "ssh",
  slurmConfig: "slurm",
  openpaiConfig: "openpai",
  rayConfig: "ray",
};

/** Whether this version has it, in experiments that are written as a file. */
export function isPlatformHere(name: string): boolean {
  return platforms.includes(name);
}

/** What documents say about the choice there is in this version. */
export function choiceOf(thing: "platforms" | "advisors"): string {
  const names = { platforms, advisors: advisorNames }[thing];
  return names.length === 0 ? "None in this version." : `In this version: ${names.join(", ")}.`;
}

/** The training service, not built yet, that a key belongs to. */
export function otherPlatformOfKey(path: string): string | undefined {
  return Object.hasOwn(keysOfPlatforms, path) ? keysOfPlatforms[path] : undefined;
}

/** What the config asks for and this version cannot do. Names undefined: any name of a built-in algorithm will do. */
export function unsupportedIssues(
  file: ConfigFile,
  options: {
    readonly tunerNames?: readonly string[] | undefined;
    readonly assessorNames?: readonly string[] | undefined;
    readonly inProgram: boolean;
  },
): readonly Issue[] {
  const mayBe = options.inProgram ? [...platforms, ...programPlatforms] : platforms;
  return [
    ...nameIssues(["trainingServicePlatform"], file.trainingServicePlatform, {
      thing: "training service",
      names: mayBe,
      elsewhere: namesElsewhere.platforms,
    }),
    ...algorithmIssues("tuner", file.tuner, options.tunerNames),
    ...algorithmIssues("assessor", file.assessor, options.assessorNames),
    ...algorithmIssues("advisor", file.advisor, advisorNames),
  ];
}

function algorithmIssues(
  role: "tuner" | "assessor" | "advisor",
  section: AlgorithmSection | undefined,
  names: readonly string[] | undefined,
): readonly Issue[] {
  if (section === undefined) return [];
  if (section.name === undefined) return classIssues(role, section);
  if (names === undefined) return [];
  const elsewhere = namesElsewhere[`${role}s`];
  return nameIssues(namePath(role, section), section.name, { thing: role, names, elsewhere });
}

/** Where the name of a built-in algorithm stands in the config. */
export function namePath(
  role: "tuner" | "assessor" | "advisor",
  section: AlgorithmSection,
): readonly string[] {
  if (section.bare) return [role];
  return [role, `builtin${role[0]?.toUpperCase()}${role.slice(1)}Name`];
}

function classIssues(role: "tuner" | "assessor" | "advisor", section: AlgorithmSection): readonly Issue[] {
  const name = section.classFileName;
  if (name === undefined) return [];
  const endings = role === "advisor" ? [".py"] : classFileEndings;
  if (endings.some((ending) => name.endsWith(ending))) return [];
  const message = `expected a file ending in ${endings.join(", ")}, got ${show(name)}`;
  return [{ path: [role, "classFileName"], message }];
}

function nameIssues(
  path: readonly string[],
  name: string,
  known: { readonly thing: string; readonly names: readonly string[]; readonly elsewhere: readonly string[] },
): readonly Issue[] {
  if (known.names.includes(name)) return [];
  const supported = known.names.length === 0 ? `no ${known.thing}` : known.names.join(", ");
  const message = `expected ${supported}, got ${show(name)}`;
  const typo = known.elsewhere.includes(name) ? undefined : didYouMean(name, known.names);
  const isKnown = known.elsewhere.includes(name) || known.thing === "training service";
  return [{ path, message, hint: typo ?? (isKnown ? notYet(`${known.thing} ${name}`) : ownClass()) }];
}

/** NNI 1.8 and later let people register a class under a name; here the file says where it is. */
function ownClass(): string {
  return "a class of your own is named by codeDir, classFileName and className";
}

function notYet(what: string): string {
  return `${what} is not supported in this version`;
}
