import type { AlgorithmSection, ConfigFile } from "./config-file.ts";
import { defaults } from "./defaults.ts";
import { type Issue, show } from "./issue.ts";
import { absolute, pathIssues, type Surroundings, whatIsAt } from "./paths.ts";
import { requiredKeys } from "./schema.ts";
import { didYouMean } from "../model/suggest.ts";
import { isPlatformHere, namePath } from "./supported.ts";

/**
 * Faults that only show when several keys, or keys and the disk, are looked at together. What is missing only because
 * its form was faulty (`formIssues`) is not reported again.
 */
export function crossIssues(
  file: ConfigFile,
  formIssues: readonly Issue[],
  surroundings: Surroundings,
): readonly Issue[] {
  const isFaulty: IsFaulty = (...path) => formIssues.some((issue) => concerns(issue, path));
  const algorithms = (["tuner", "assessor", "advisor"] as const).flatMap((role) => [
    ...(isFaulty(role) ? [] : halfAlgorithms(role, file[role])),
    ...classFileIssues(role, file[role], surroundings),
    ...(role === "assessor" ? [] : sharedArgIssues(role, file[role])),
  ]);
  return [
    ...missingKeys(file, isFaulty),
    ...searchSpaceChoice(file, isFaulty),
    ...algorithms,
    ...advisorIssues(file),
    ...directoryIssues(file, surroundings),
  ];
}

/** Whether a fault is known already at this path or below it. */
type IsFaulty = (...path: readonly string[]) => boolean;

function concerns({ path, meant }: Issue, wanted: readonly string[]): boolean {
  return [path, meant ?? []].some(
    (known) => known.length > 0 && wanted.every((part, depth) => part === known[depth]),
  );
}

function missingKeys(file: ConfigFile, isFaulty: IsFaulty): readonly Issue[] {
  const expected: { readonly [key: string]: string } = {
    tuner: "a tuner",
    trial: "a mapping with the command of the trial",
    "trial.command": "a shell command",
  };
  return requiredKeys
    .filter((path) => isMissing(file, path) && !isFaulty(...path))
    .map((path) => ({ path, message: `expected ${expected[path.join(".")]}, got nothing` }));
}

function isMissing(file: ConfigFile, [section, key]: readonly string[]): boolean {
  if (section === "tuner") return file.tuner === undefined && file.advisor === undefined;
  if (!isPlatformHere(file.trainingServicePlatform)) return false; // a function, or refused as a whole
  return key === undefined ? file.trial === undefined : file.trial !== undefined && !file.trial.command;
}

function searchSpaceChoice(file: ConfigFile, isFaulty: IsFaulty): readonly Issue[] {
  const given = (["searchSpacePath", "searchSpace"] as const).filter((key) => file[key] !== undefined);
  if (file.useAnnotation) {
    return given.map((key) => ({
      path: [key],
      message: "expected no search space together with useAnnotation: true",
      hint: "the annotations make the search space",
    }));
  }
  if (given.length === 2) {
    return [{ path: ["searchSpace"], message: "expected either searchSpacePath or searchSpace, got both" }];
  }
  const isKnown = isFaulty("searchSpace") || isFaulty("searchSpacePath");
  if (given.length === 0 && !isKnown && (file.tuner?.name ?? file.advisor?.name) !== undefined) {
    return [{ path: ["searchSpacePath"], message: "expected searchSpacePath or searchSpace, got nothing" }];
  }
  return [];
}

type Role = "tuner" | "assessor" | "advisor";

/** Either built in or a class: not both, and not half a class. */
function halfAlgorithms(role: Role, section: AlgorithmSection | undefined): readonly Issue[] {
  if (section === undefined) return [];
  const [, nameKey = ""] = namePath(role, { ...section, bare: false });
  const classKeys = (["codeDir", "classFileName", "className"] as const).filter(
    (key) => section[key] !== undefined,
  );
  if (section.name !== undefined) {
    return classKeys.map((key) => ({
      path: [role, key],
      message: `expected either ${nameKey} or a class of your own, got both`,
    }));
  }
  if (classKeys.length === 0) {
    return [{ path: [role], message: `expected ${nameKey}, or classFileName and className, got neither` }];
  }
  return (["classFileName", "className"] as const)
    .filter((key) => section[key] === undefined)
    .map((key) => ({ path: [role, key], message: `expected the ${key} of your ${role}, got nothing` }));
}

function classFileIssues(
  role: Role,
  section: AlgorithmSection | undefined,
  surroundings: Surroundings,
): readonly Issue[] {
  if (section === undefined) return [];
  const { name, codeDir = defaults.classCodeDir, classFileName } = section;
  if (name !== undefined || classFileName === undefined) return [];
  const inDirectory = pathIssues({ path: [role, "codeDir"], value: codeDir }, "a directory", surroundings);
  if (inDirectory.length > 0) return inDirectory;
  const directory = absolute(codeDir, surroundings);
  const file = { path: [role, "classFileName"], value: classFileName };
  return pathIssues(file, "a file", { ...surroundings, directory });
}

/** The arguments that the experiment reads itself. */
function sharedArgIssues(role: Role, section: AlgorithmSection | undefined): readonly Issue[] {
  const issues: Issue[] = [];
  const { optimize_mode: mode, seed } = section?.classArgs ?? {};
  if (mode !== undefined && mode !== "maximize" && mode !== "minimize") {
    const path = [role, "classArgs", "optimize_mode"];
    const message = `expected "maximize" or "minimize", got ${show(mode)}`;
    issues.push({ path, message, hint: didYouMean(mode, ["maximize", "minimize"]) });
  }
  const isSeed = Number.isSafeInteger(seed) && (seed as number) >= 0;
  if (seed !== undefined && seed !== null && !isSeed) {
    const message = `expected a whole number of at least 0, got ${show(seed)}`;
    issues.push({ path: [role, "classArgs", "seed"], message });
  }
  return issues;
}

function advisorIssues(file: ConfigFile): readonly Issue[] {
  if (file.advisor === undefined) return [];
  return (["tuner", "assessor"] as const)
    .filter((role) => file[role] !== undefined)
    .map((role) => ({
      path: [role],
      message: `expected no ${role} beside an advisor, got both`,
      hint: "an advisor is tuner and assessor in one",
    }));
}

function directoryIssues(file: ConfigFile, surroundings: Surroundings): readonly Issue[] {
  const codeDir = { path: ["trial", "codeDir"], value: file.trial?.codeDir ?? defaults.trial.codeDir };
  const issues = [...pathIssues(codeDir, "a directory", surroundings)];
  if (file.logDir !== undefined) {
    const target = absolute(file.logDir, surroundings);
    const found = whatIsAt(target);
    if (found !== "a directory" && found !== "nothing") {
      issues.push({ path: ["logDir"], message: `expected a directory, got ${found} at ${target}` });
    }
  }
  return issues;
}
