import { join, relative, resolve } from "node:path";
import { ConfigError } from "../config/index.ts";
import type { AnnotationConfig, ExperimentConfig, JsonObject, SearchSpace } from "../model/index.ts";
import { parseSearchSpace } from "../space/index.ts";
import { askPython } from "./ask-python.ts";

/**
 * The config with the search space that the trial's annotations make (`useAnnotation`); any other config as it is. Only reads.
 * Throws `config-invalid` with every fault of the code, `python-missing`, `python-failed`.
 */
export async function withAnnotatedSpace(config: ExperimentConfig): Promise<ExperimentConfig> {
  const { annotation } = config;
  if (annotation === undefined) return config;
  return { ...config, searchSpace: await annotate(annotation, []) };
}

/**
 * As {@link withAnnotatedSpace}, and makes the copy that trial jobs run: from here on the user may go on editing. The copy lies
 * in the experiment's directory, is nobody else's to read, and goes with the experiment.
 */
export async function annotateInto(directory: string, config: ExperimentConfig): Promise<ExperimentConfig> {
  const { annotation } = config;
  if (annotation === undefined) return config;
  const copy = join(directory, "annotated-code");
  const searchSpace = await annotate(annotation, [copy, "--leave-out", directory]);
  return { ...config, searchSpace, trial: { ...config.trial, codeDir: copy } };
}

/** What one phase was given of what the annotations search. */
export interface Chosen {
  readonly annotation: AnnotationConfig;
  readonly parameters: JsonObject;
  /** The copy; the directory is made. */
  readonly target: string;
  /** Directories in the code directory that are not code. */
  readonly leaveOut: readonly string[];
}

/** Copies the user's code as it is now, with these values in it. Nothing is written where it no longer has what was searched. */
export async function writeChosenCode({ annotation, parameters, target, leaveOut }: Chosen): Promise<void> {
  const { codeDir, nasMode } = annotation;
  const others = leaveOut.flatMap((directory) => ["--leave-out", directory]);
  const args = ["--chosen", codeDir, target, ...others, `--nas-mode=${nasMode}`];
  const { errors } = await ask(codeDir, args, JSON.stringify(parameters));
  if (errors !== undefined) throw faultsOf(codeDir, errors, "the code as it is now");
}

interface Answer {
  readonly searchSpace?: unknown;
  readonly errors?: readonly Fault[];
}

/** `file` from the code directory, "" where no file is to blame. */
interface Fault {
  readonly file: string;
  readonly line: number | null;
  readonly message: string;
}

async function annotate(
  { codeDir, nasMode }: AnnotationConfig,
  target: readonly string[],
): Promise<SearchSpace> {
  const answer = await ask(codeDir, [codeDir, ...target, `--nas-mode=${nasMode}`]);
  if (answer.errors !== undefined) throw faultsOf(codeDir, answer.errors);
  return parseSearchSpace(answer.searchSpace);
}

function faultsOf(codeDir: string, faults: readonly Fault[], what = "the annotated code"): ConfigError {
  const issues = faults.map(({ file, line, message }) => ({
    file: shownName(resolve(codeDir, file)),
    line,
    column: null,
    path: [],
    message,
    hint: null,
  }));
  return new ConfigError(issues, what);
}

/** As seen from where the user stands, where it lies below. */
function shownName(file: string): string {
  const near = relative(process.cwd(), file);
  return near === "" || near.startsWith("..") ? file : near;
}

function ask(codeDir: string, args: readonly string[], input = ""): Promise<Answer> {
  return askPython({ purpose: "useAnnotation", module: "polyphase.annotation", args, input, cwd: codeDir });
}
