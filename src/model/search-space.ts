import type { Json } from "./json.ts";

/** Name → description of one parameter, as users write it in JSON or YAML. */
export type SearchSpace = { readonly [name: string]: ParameterSpec };

/** The ten types of NNI 1.x, and the three that describe architectures. `q` is the step of a grid. */
export type ParameterSpec =
  | { readonly _type: "choice"; readonly _value: readonly ChoiceOption[] }
  /** Integers, `lower <= x < upper`. */
  | { readonly _type: "randint"; readonly _value: readonly [lower: number, upper: number] }
  | { readonly _type: "uniform"; readonly _value: readonly [low: number, high: number] }
  | { readonly _type: "quniform"; readonly _value: readonly [low: number, high: number, q: number] }
  | { readonly _type: "loguniform"; readonly _value: readonly [low: number, high: number] }
  | { readonly _type: "qloguniform"; readonly _value: readonly [low: number, high: number, q: number] }
  | { readonly _type: "normal"; readonly _value: readonly [mu: number, sigma: number] }
  | { readonly _type: "qnormal"; readonly _value: readonly [mu: number, sigma: number, q: number] }
  /** `mu` and `sigma` are those of the logarithm. */
  | { readonly _type: "lognormal"; readonly _value: readonly [mu: number, sigma: number] }
  | { readonly _type: "qlognormal"; readonly _value: readonly [mu: number, sigma: number, q: number] }
  | { readonly _type: "layer_choice"; readonly _value: readonly string[] }
  | { readonly _type: "input_choice"; readonly _value: InputChoice }
  | { readonly _type: "mutable_layer"; readonly _value: { readonly [layer: string]: MutableLayer } };

/** A plain JSON value, or a nested space: an object whose `_name` labels the option and whose other keys are specs. */
export type ChoiceOption = Json | NestedOption;

export interface NestedOption {
  readonly _name: string;
  readonly [name: string]: ParameterSpec | string;
}

export interface InputChoice {
  readonly candidates: readonly string[];
  /** How many candidates are taken: exactly `n`, or one of the listed numbers; null means any number. */
  readonly n_chosen: number | readonly number[] | null;
}

export interface MutableLayer {
  readonly layer_choice: readonly string[];
  readonly optional_inputs: readonly string[];
  readonly optional_input_size: number | readonly [least: number, most: number];
}
