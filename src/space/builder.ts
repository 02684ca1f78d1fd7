import type { ChoiceOption, InputChoice, MutableLayer, ParameterSpec, SearchSpace } from "../model/index.ts";
import { parseSearchSpace } from "./parse.ts";

/**
 * A checked search space whose parameters are typed; see {@link ParametersOf}. Throws `search-space-invalid`.
 *
 * @example
 * ```ts
 * const mine = space({
 *   lr: loguniform(1e-5, 1),
 *   optimizer: choice("adam", "sgd"),
 *   layer: choice(option("conv", { kernel: randint(1, 8) }), option("identity")),
 * });
 * type Parameters = ParametersOf<typeof mine>;
 * ```
 */
export function space<const Space extends SearchSpace>(parameters: Space): Space {
  return parseSearchSpace(parameters) as Space;
}

type Spec<Type extends ParameterSpec["_type"]> = Extract<ParameterSpec, { readonly _type: Type }>;

/** One of the options, each as likely as the others. */
export function choice<const Options extends readonly ChoiceOption[]>(
  ...options: Options
): { readonly _type: "choice"; readonly _value: Options } {
  return { _type: "choice", _value: options };
}

/** An option of {@link choice} with parameters of its own, which count only where it is chosen. */
export function option<const Name extends string>(name: Name): { readonly _name: Name };
export function option<const Name extends string, const Inner extends SearchSpace>(
  name: Name,
  parameters: Inner,
): { readonly _name: Name } & Inner;
export function option(name: string, parameters: SearchSpace = {}): ChoiceOption {
  return { _name: name, ...parameters };
}

/** An integer, `lower <= x < upper`. */
export function randint(lower: number, upper: number): Spec<"randint"> {
  return { _type: "randint", _value: [lower, upper] };
}

/** A number between `low` and `high`. */
export function uniform(low: number, high: number): Spec<"uniform"> {
  return { _type: "uniform", _value: [low, high] };
}

/** A uniform number rounded to a multiple of `q`, then clipped to the bounds. */
export function quniform(low: number, high: number, q: number): Spec<"quniform"> {
  return { _type: "quniform", _value: [low, high, q] };
}

/** A positive number whose logarithm is uniform. */
export function loguniform(low: number, high: number): Spec<"loguniform"> {
  return { _type: "loguniform", _value: [low, high] };
}

/** A loguniform number rounded to a multiple of `q`, then clipped to the bounds. */
export function qloguniform(low: number, high: number, q: number): Spec<"qloguniform"> {
  return { _type: "qloguniform", _value: [low, high, q] };
}

/** A normally distributed number: without bounds. */
export function normal(mu: number, sigma: number): Spec<"normal"> {
  return { _type: "normal", _value: [mu, sigma] };
}

/** A normally distributed number rounded to a multiple of `q`. */
export function qnormal(mu: number, sigma: number, q: number): Spec<"qnormal"> {
  return { _type: "qnormal", _value: [mu, sigma, q] };
}

/** A positive number whose logarithm is normally distributed with `mu` and `sigma`. */
export function lognormal(mu: number, sigma: number): Spec<"lognormal"> {
  return { _type: "lognormal", _value: [mu, sigma] };
}

/** A lognormal number rounded to a multiple of `q`: may be 0. */
export function qlognormal(mu: number, sigma: number, q: number): Spec<"qlognormal"> {
  return { _type: "qlognormal", _value: [mu, sigma, q] };
}

/** One of the layers; the trial receives `{ _value, _idx }`. */
export function layerChoice<const Layers extends readonly string[]>(
  ...layers: Layers
): { readonly _type: "layer_choice"; readonly _value: Layers } {
  return { _type: "layer_choice", _value: layers };
}

/** Some of the inputs: `chosen` of them, or one of the listed numbers, or any number where it is left out. */
export function inputChoice<const Candidates extends readonly string[]>(
  candidates: Candidates,
  chosen: InputChoice["n_chosen"] = null,
): { readonly _type: "input_choice"; readonly _value: InputChoice & { readonly candidates: Candidates } } {
  return { _type: "input_choice", _value: { candidates, n_chosen: chosen } };
}

/** Layers by name, each with the inputs it may take. Only tuners for architectures search these. */
export function mutableLayer<const Layers extends { readonly [layer: string]: MutableLayer }>(
  layers: Layers,
): { readonly _type: "mutable_layer"; readonly _value: Layers } {
  return { _type: "mutable_layer", _value: layers };
}
