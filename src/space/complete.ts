import type {
  ChoiceOption,
  InputChoice,
  Json,
  MutableLayer,
  ParameterSpec,
  SearchSpace,
} from "../model/index.ts";
import { copyJson } from "./copy-json.ts";
import { isNestedOption } from "./nested-option.ts";
import { isOwnSpec } from "./own-spec.ts";

/** A copy of a valid search space in which nothing is left out: n_chosen is null, a layer's inputs are none. */
export function completeSpace(space: SearchSpace): SearchSpace {
  return mapValues(space, (spec) => (isOwnSpec(spec) ? copyOf(spec) : completeSpec(spec)));
}

/** What only the user's own tuner reads. */
function copyOf(spec: ParameterSpec): ParameterSpec {
  return copyJson(spec as Json) as ParameterSpec;
}

function completeSpec(spec: ParameterSpec): ParameterSpec {
  const { _type, _value, ...others } = spec;
  return { _type, _value: completeValue(spec), ...(copyJson(others) as object) } as ParameterSpec;
}

function completeValue(spec: ParameterSpec): ParameterSpec["_value"] {
  if (spec._type === "choice") return spec._value.map(completeOption);
  if (spec._type === "input_choice") return completeInputs(spec._value);
  if (spec._type === "mutable_layer") return mapValues(spec._value, completeLayer);
  return copyJson(spec._value) as ParameterSpec["_value"];
}

function completeOption(option: ChoiceOption): ChoiceOption {
  if (!isNestedOption(option)) return copyJson(option);
  return mapValues(option, (part) => (typeof part === "string" ? part : completeSpec(part))) as ChoiceOption;
}

function completeInputs({ candidates, n_chosen }: Partial<InputChoice>): InputChoice {
  return copyJson({ candidates: candidates ?? [], n_chosen: n_chosen ?? null }) as unknown as InputChoice;
}

function completeLayer(layer: Partial<MutableLayer>): MutableLayer {
  const { layer_choice = [], optional_inputs = [], optional_input_size = 0 } = layer;
  return copyJson({ layer_choice, optional_inputs, optional_input_size }) as unknown as MutableLayer;
}

function mapValues<From, To>(
  object: { readonly [key: string]: From },
  map: (value: From) => To,
): { readonly [key: string]: To } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
