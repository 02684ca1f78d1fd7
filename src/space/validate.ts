import { canonical, PolyphaseError } from "../model/index.ts";
import type { InputIssue, Json, ParameterType, SearchSpace } from "../model/index.ts";
import { isNested } from "./nested.ts";

type Path = InputIssue["path"];
type Report = (path: Path, message: string) => void;
type JsonRecord = { readonly [key: string]: unknown };

/** What is wrong with a search space: all of it at once. */
export class SearchSpaceError extends PolyphaseError {
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    const lines = issues.map(({ path, message }) => `${["search space", ...path].join(" / ")}: ${message}`);
    super("search-space-invalid", lines.join("\n"));
    this.issues = issues;
  }
}

/** A search space that has been checked. Throws {@link SearchSpaceError}. */
export function parseSearchSpace(json: unknown): SearchSpace {
  const issues = searchSpaceIssues(json);
  if (issues.length > 0) throw new SearchSpaceError(issues);
  return json as SearchSpace;
}

/** All faults of what should be a search space; empty where it is one. */
export function searchSpaceIssues(json: unknown): InputIssue[] {
  const issues: InputIssue[] = [];
  const report: Report = (path, message) => issues.push({ path, message });
  if (!isRecord(json)) report([], `expected an object of parameters, got ${show(json)}`);
  else if (Object.keys(json).length === 0) report([], "expected at least one parameter, got none");
  else checkParameters(json, [], report);
  return issues;
}

function checkParameters(specs: JsonRecord, path: Path, report: Report): void {
  for (const [name, spec] of Object.entries(specs)) {
    const here = [...path, name];
    if (name === "") report(here, "a parameter needs a name");
    if (name.includes("\0")) report(here, "a name may not hold the character NUL");
    if (reserved.has(name)) report(here, `${name} is reserved: choose another name`);
    else checkParameter(spec, here, report);
  }
}

const reserved = new Set(["_type", "_value", "_name", "_index", "_idx"]);

function checkParameter(spec: unknown, path: Path, report: Report): void {
  if (!isRecord(spec)) return report(path, `expected { "_type": ..., "_value": ... }, got ${show(spec)}`);
  for (const key of Object.keys(spec)) {
    if (key !== "_type" && key !== "_value")
      report([...path, key], `unknown key: expected only _type and _value`);
  }
  const type = spec["_type"];
  const check =
    typeof type === "string" && Object.hasOwn(checks, type) ? checks[type as ParameterType] : undefined;
  if (!check)
    return report(
      [...path, "_type"],
      `expected one of ${typeNames.join(", ")}, got ${show(type)}${didYouMean(type)}`,
    );
  if (!("_value" in spec))
    return report(path, `_value is missing: ${type as string} expects ${expectation[type as ParameterType]}`);
  check(spec["_value"], { path: [...path, "_value"], type: type as ParameterType, report });
}

interface Context {
  readonly path: Path;
  readonly type: ParameterType;
  readonly report: Report;
}

/** What `_value` has to be, for messages. */
const expectation: Record<ParameterType, string> = {
  choice: "a list of options",
  randint: "[lower, upper], integers with lower < upper",
  uniform: "[low, high]",
  quniform: "[low, high, q]",
  loguniform: "[low, high], both above 0",
  qloguniform: "[low, high, q], all above 0",
  normal: "[mu, sigma]",
  qnormal: "[mu, sigma, q]",
  lognormal: "[mu, sigma]",
  qlognormal: "[mu, sigma, q]",
  layer_choice: "a list of names",
  input_choice: '{ "candidates": [names], "n_chosen": number, list of numbers, or null }',
  mutable_layer:
    '{ layer: { "layer_choice": [names], "optional_inputs": [names], "optional_input_size": number or [least, most] } }',
};

const typeNames = Object.keys(expectation) as ParameterType[];

const checks: Record<ParameterType, (value: unknown, context: Context) => void> = {
  choice: checkChoice,
  randint: (value, context) => {
    const numbers = numbersOf(value, 2, context);
    if (!numbers) return;
    const [lower = 0, upper = 0] = numbers;
    numbers.forEach((number, index) => {
      if (!Number.isSafeInteger(number))
        context.report([...context.path, index], `randint: expected an integer, got ${number}`);
    });
    if (upper <= lower) {
      context.report(
        context.path,
        `randint: expected lower < upper (upper itself never comes), got lower ${lower}, upper ${upper}`,
      );
    }
  },
  uniform: checkBounds,
  quniform: checkBounds,
  loguniform: checkBounds,
  qloguniform: checkBounds,
  normal: checkNormal,
  qnormal: checkNormal,
  lognormal: checkNormal,
  qlognormal: checkNormal,
  layer_choice: (value, { path, report }) => checkNames(value, path, report),
  input_choice: checkInputChoice,
  mutable_layer: checkMutableLayers,
};

function checkBounds(value: unknown, context: Context): void {
  const { type, path, report } = context;
  const numbers = numbersOf(value, type.startsWith("q") ? 3 : 2, context);
  if (!numbers) return;
  const [low = 0, high = 0, q] = numbers;
  if (low > high) report(path, `${type}: expected low <= high, got low ${low}, high ${high}`);
  if (type.includes("log") && low <= 0) report([...path, 0], `${type}: expected low > 0, got ${low}`);
  if (q !== undefined && q <= 0) report([...path, 2], `${type}: expected q > 0, got ${q}`);
}

function checkNormal(value: unknown, context: Context): void {
  const { type, path, report } = context;
  const numbers = numbersOf(value, type.startsWith("q") ? 3 : 2, context);
  if (!numbers) return;
  const [, sigma = 1, q] = numbers;
  if (sigma <= 0) report([...path, 1], `${type}: expected sigma > 0, got ${sigma}`);
  if (q !== undefined && q <= 0) report([...path, 2], `${type}: expected q > 0, got ${q}`);
}

/** The list of `count` finite numbers, or a fault reported. */
function numbersOf(
  value: unknown,
  count: number,
  { path, type, report }: Context,
): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length !== count) {
    report(path, `${type}: expected ${expectation[type]}, got ${show(value)}`);
    return undefined;
  }
  const wrong = value.findIndex((each) => typeof each !== "number" || !Number.isFinite(each));
  if (wrong === -1) return value as number[];
  report([...path, wrong], `${type}: expected a finite number, got ${show(value[wrong])}`);
  return undefined;
}

function checkChoice(value: unknown, { path, report }: Context): void {
  if (!Array.isArray(value)) return report(path, `choice: expected a list of options, got ${show(value)}`);
  if (value.length === 0) return report(path, "choice: expected at least one option, got an empty list");
  const labels = new Map<string, number>();
  value.forEach((option: unknown, index) => {
    const here = [...path, index];
    if (isNested(option)) checkNested(option, here, report);
    else if (holdsSpec(option)) report(here, 'choice: an option with parameters of its own needs a "_name"');
    const label = isNested(option) ? `_name ${String(option._name)}` : canonical((option ?? null) as Json);
    const first = labels.get(label);
    if (first !== undefined && isNested(option))
      report(here, `choice: ${show(option._name)} names option ${first} already`);
    labels.set(label, first ?? index);
  });
}

function checkNested(option: JsonRecord, path: Path, report: Report): void {
  const { _name: name, ...inner } = option;
  if (typeof name !== "string" || name === "")
    report([...path, "_name"], `expected a name, got ${show(name)}`);
  checkParameters(inner, path, report);
}

/** An object some of whose values look like parameters. */
function holdsSpec(option: unknown): boolean {
  return isRecord(option) && Object.values(option).some((value) => isRecord(value) && "_type" in value);
}

function checkNames(value: unknown, path: Path, report: Report): void {
  if (!Array.isArray(value) || value.length === 0)
    return report(path, `expected a list of names, got ${show(value)}`);
  value.forEach((name: unknown, index) => {
    if (typeof name !== "string") report([...path, index], `expected a name, got ${show(name)}`);
    else if (value.indexOf(name) !== index) report([...path, index], `${show(name)} is there twice`);
  });
}

function checkInputChoice(value: unknown, { path, report }: Context): void {
  if (!isRecord(value))
    return report(path, `input_choice: expected ${expectation.input_choice}, got ${show(value)}`);
  checkNames(value["candidates"], [...path, "candidates"], report);
  const most = Array.isArray(value["candidates"]) ? value["candidates"].length : 0;
  const wanted = value["n_chosen"];
  if (wanted === null || wanted === undefined) return;
  const numbers: unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  if (numbers.every((each) => Number.isInteger(each) && (each as number) >= 0 && (each as number) <= most))
    return;
  report(
    [...path, "n_chosen"],
    `input_choice: expected integers of 0 to ${most} or null, got ${show(wanted)}`,
  );
}

function checkMutableLayers(value: unknown, { path, report }: Context): void {
  if (!isRecord(value))
    return report(path, `mutable_layer: expected ${expectation.mutable_layer}, got ${show(value)}`);
  for (const [name, layer] of Object.entries(value)) {
    const here = [...path, name];
    if (!isRecord(layer)) report(here, `mutable_layer: expected a layer, got ${show(layer)}`);
    else checkMutableLayer(layer, here, report);
  }
}

function checkMutableLayer(layer: JsonRecord, path: Path, report: Report): void {
  checkNames(layer["layer_choice"], [...path, "layer_choice"], report);
  const inputs = layer["optional_inputs"] ?? [];
  if (!Array.isArray(inputs))
    report([...path, "optional_inputs"], `expected a list of names, got ${show(inputs)}`);
  const size = layer["optional_input_size"] ?? 0;
  const [least, most] = [size, size].flat().slice(0, 2) as [unknown, unknown];
  const fine =
    Number.isInteger(least) &&
    Number.isInteger(most) &&
    (least as number) >= 0 &&
    (least as number) <= (most as number);
  if (!fine)
    report([...path, "optional_input_size"], `expected a number or [least, most], got ${show(size)}`);
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** The known type that is spelled most alike, if any is near. */
function didYouMean(type: unknown): string {
  if (typeof type !== "string") return "";
  const wanted = type.toLowerCase().replaceAll(/[^a-z]/g, "");
  const near = typeNames.find((name) => {
    const plain = name.replaceAll("_", "");
    return plain === wanted || (Math.abs(plain.length - wanted.length) <= 2 && distance(plain, wanted) <= 2);
  });
  return near ? `; did you mean ${near}?` : "";
}

/** Edit distance of Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals" (1966). */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...left].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...right].entries()) {
      next.push(
        Math.min(
          (next[j] as number) + 1,
          (row[j + 1] as number) + 1,
          (row[j] as number) + Number(letter !== other),
        ),
      );
    }
    row = next;
  }
  return row.at(-1) as number;
}
