import type { Json, NumericDimension, ParameterSpec, SearchSpace } from "../model/index.ts";

/**
 * The type of the parameters that a trial receives from a space:
 * `{ lr: number; optimizer: "adam" | "sgd"; layer: { _name: "conv"; k: number } | { _name: "identity" } }`.
 * Of a space whose names are not known to the compiler: any JSON by name.
 */
export type ParametersOf<Space extends SearchSpace> = string extends keyof Space
  ? { readonly [name: string]: Json }
  : { readonly [Name in keyof Space]: ValueOf<Space[Name]> };

/** The type of one parameter's value. */
export type ValueOf<Spec> = Spec extends { readonly _type: NumericDimension["type"] }
  ? number
  : Spec extends { readonly _type: "choice"; readonly _value: readonly (infer Option)[] }
    ? ValueOfOption<Option>
    : ValueOfArchitecture<Spec>;

type ValueOfOption<Option> = Option extends { readonly _name: infer Name extends string }
  ? { readonly _name: Name } & {
      readonly [Key in Exclude<keyof Option, "_name">]: Option[Key] extends ParameterSpec
        ? ValueOf<Option[Key]>
        : never;
    }
  : Option;

type ValueOfArchitecture<Spec> = Spec extends {
  readonly _type: "layer_choice";
  readonly _value: readonly (infer Layer)[];
}
  ? { readonly _value: Layer; readonly _idx: number }
  : Spec extends {
        readonly _type: "input_choice";
        readonly _value: { readonly candidates: readonly (infer Input)[] };
      }
    ? { readonly _value: readonly Input[]; readonly _idx: readonly number[] }
    : Spec extends { readonly _type: "mutable_layer"; readonly _value: infer Layers }
      ? { readonly [Name in keyof Layers]: ValueOfLayer<Layers[Name]> }
      : never;

type ValueOfLayer<Layer> = Layer extends {
  readonly layer_choice: readonly (infer Choice)[];
  readonly optional_inputs: readonly (infer Input)[];
}
  ? { readonly chosen_layer: Choice; readonly chosen_inputs: readonly Input[] }
  : never;
