import type { NumericDimension } from "../model/index.ts";
import { type Faults, type Path, show } from "./faults.ts";

type NumericType = NumericDimension["type"];

/** The numbers of `_value`, in order. */
export const numericForms: { readonly [type in NumericType]: readonly string[] } = {
  randint: ["lower", "upper"],
  uniform: ["low", "high"],
  quniform: ["low", "high", "q"],
  loguniform: ["low", "high"],
  qloguniform: ["low", "high", "q"],
  normal: ["mu", "sigma"],
  qnormal: ["mu", "sigma", "q"],
  lognormal: ["mu", "sigma"],
  qlognormal: ["mu", "sigma", "q"],
};

export function isNumericType(type: string): type is NumericType {
  return Object.hasOwn(numericForms, type);
}

/** Checks the `_value` of a numeric type, which stands at `path`. */
export function checkNumbers(type: NumericType, value: unknown, path: Path, faults: Faults): void {
  const form = numericForms[type];
  const expected = `[${form.join(", ")}]`;
  if (!Array.isArray(value)) return faults.add(path, expected, show(value));
  if (value.length !== form.length)
    return faults.add(path, `${form.length} numbers ${expected}`, show(value));
  const numbers = (value as readonly unknown[]).map((part, place) => {
    if (typeof part === "number" && Number.isFinite(part)) return part;
    faults.add([...path, place], `${form[place]} to be a finite number`, show(part));
    return undefined;
  });
  const [first, second, q] = numbers;
  const named = { type, first, second, q, path, faults };
  if (type === "randint") return checkIntegers(named);
  if (type.endsWith("uniform")) checkRange(named);
  else checkNormal(named);
  if (form.length === 3) checkStep(named);
}

/** The numbers that are there; a faulty one is undefined and was reported. */
interface Numbers {
  readonly type: NumericType;
  readonly first: number | undefined;
  readonly second: number | undefined;
  readonly q: number | undefined;
  readonly path: Path;
  readonly faults: Faults;
}

function checkIntegers({ first: lower, second: upper, path, faults }: Numbers): void {
  for (const [place, bound] of [lower, upper].entries()) {
    if (bound === undefined || Number.isSafeInteger(bound)) continue;
    faults.add([...path, place], `${place === 0 ? "lower" : "upper"} to be an integer`, show(bound));
  }
  if (!Number.isSafeInteger(lower) || !Number.isSafeInteger(upper)) return;
  const width = upper! - lower!;
  if (width < 1) faults.add(path, "lower < upper (upper itself never comes)", `[${lower}, ${upper}]`);
  else if (width > Number.MAX_SAFE_INTEGER)
    faults.add(path, "at most 2^53 - 1 integers", `[${lower}, ${upper}]`);
}

function checkRange({ type, first: low, second: high, path, faults }: Numbers): void {
  const isLog = type.includes("log");
  if (isLog && low !== undefined && low <= 0)
    faults.add([...path, 0], "low > 0, because of the logarithm", show(low));
  if (low === undefined || high === undefined) return;
  if (low > high) faults.add(path, "low <= high", `low ${low}, high ${high}`);
  else if (!Number.isFinite(high - low))
    faults.add(path, "high - low to be a finite number", `[${low}, ${high}]`);
}

function checkNormal({ type, first: mu, second: sigma, path, faults }: Numbers): void {
  if (sigma !== undefined && sigma <= 0) return faults.add([...path, 1], "sigma > 0", show(sigma));
  if (mu === undefined || sigma === undefined) return;
  const far = Math.abs(mu) + reach * sigma;
  if (!Number.isFinite(far)) faults.add(path, "mu and sigma that leave numbers finite", `[${mu}, ${sigma}]`);
  else if (type.includes("log") && mu + reach * sigma > Math.log(Number.MAX_VALUE)) {
    faults.add(
      path,
      "mu and sigma of the logarithm, so that exp(mu + 9 sigma) is finite",
      `mu ${mu}, sigma ${sigma}`,
    );
  }
}

/** No draw and no decoded value lies further from mu than this many sigma. */
const reach = 9;

function checkStep({ type, first, second, q, path, faults }: Numbers): void {
  if (q === undefined) return;
  if (q <= 0) return faults.add([...path, 2], "q > 0", show(q));
  if (first === undefined || second === undefined) return;
  if (farthest(type, first, second) / q > Number.MAX_SAFE_INTEGER) {
    faults.add([...path, 2], "q large enough to number the steps (up to 2^53)", show(q));
  }
}

function farthest(type: NumericType, first: number, second: number): number {
  if (type.endsWith("uniform")) return Math.max(Math.abs(first), Math.abs(second));
  return type === "qlognormal" ? Math.exp(first + usual * second) : Math.abs(first) + reach * second;
}

/** One draw in a billion of a lognormal lies further out. Where steps cannot be numbered, every number is a multiple of q. */
const usual = 6;
