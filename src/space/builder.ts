import type { Json, ParameterSpec, SearchSpace } from "../model/index.ts";
import { parseSearchSpace } from "./validate.ts";

/** The parameters that a space describes, as the trial or objective receives them. */
export type ParametersOf<Space> = { readonly [Name in keyof Space]: ValueOf<Space[Name]> };

type ValueOf<Spec> = Spec extends { readonly _type: "choice"; readonly _value: readonly (infer Option)[] }
  ? OptionOf<Option>
  : Spec extends { readonly _type: "layer_choice" }
    ? { readonly _value: string; readonly _idx: number }
    : Spec extends { readonly _type: "input_choice" }
      ? { readonly _value: readonly string[]; readonly _idx: readonly number[] }
      : Spec extends { readonly _type: "mutable_layer" }
        ? Json
        : number;

type OptionOf<Option> = Option extends { readonly _name: infer Name }
  ? { readonly _name: Name } & { readonly [Key in Exclude<keyof Option, "_name">]: ValueOf<Option[Key]> }
  : Option;

/** Checks a space and keeps its type: `space({ lr: loguniform(1e-5, 1) })`. Throws SearchSpaceError. */
export function space<const Space extends SearchSpace>(parameters: Space): Space {
  return parseSearchSpace(parameters) as Space;
}

type Spec<Type extends ParameterSpec["_type"]> = Extract<ParameterSpec, { readonly _type: Type }>;

/** One of the options, each as likely. */
export function choice<const Options extends readonly unknown[]>(
  ...options: Options
): { readonly _type: "choice"; readonly _value: Options } {
  return { _type: "choice", _value: options };
}

/** An option of a choice that has parameters of its own. */
export function option<const Name extends string, const Inner extends SearchSpace>(
  name: Name,
  parameters: Inner,
): { readonly _name: Name } & Inner {
  return { _name: name, ...parameters };
}

/** An integer, `lower <= x < upper`. */
export function randint(lower: number, upper: number): Spec<"randint"> {
  return { _type: "randint", _value: [lower, upper] };
}

export function uniform(low: number, high: number): Spec<"uniform"> {
  return { _type: "uniform", _value: [low, high] };
}

/** On the grid of multiples of `q`. */
export function quniform(low: number, high: number, q: number): Spec<"quniform"> {
  return { _type: "quniform", _value: [low, high, q] };
}

/** Uniform in the logarithm. */
export function loguniform(low: number, high: number): Spec<"loguniform"> {
  return { _type: "loguniform", _value: [low, high] };
}

export function qloguniform(low: number, high: number, q: number): Spec<"qloguniform"> {
  return { _type: "qloguniform", _value: [low, high, q] };
}

export function normal(mu: number, sigma: number): Spec<"normal"> {
  return { _type: "normal", _value: [mu, sigma] };
}

export function qnormal(mu: number, sigma: number, q: number): Spec<"qnormal"> {
  return { _type: "qnormal", _value: [mu, sigma, q] };
}

/** `mu` and `sigma` are those of the logarithm. */
export function lognormal(mu: number, sigma: number): Spec<"lognormal"> {
  return { _type: "lognormal", _value: [mu, sigma] };
}

export function qlognormal(mu: number, sigma: number, q: number): Spec<"qlognormal"> {
  return { _type: "qlognormal", _value: [mu, sigma, q] };
}
