import {
  type CategoricalDimension,
  type ChoiceOption,
  type Dimension,
  type FlatSpace,
  type InputChoice,
  type Json,
  type ParameterSpec,
  PolyphaseError,
  type SearchSpace,
} from "../model/index.ts";
import { isNestedOption } from "./nested-option.ts";
import { numericPrior } from "./numeric-prior.ts";
import { allowedSubsets, countSubsets } from "./subsets.ts";

/** An input_choice with more allowed subsets than this is not listed. */
const mostSubsets = 4096;

/**
 * A space without nesting: each parameter, also of nested options, is one dimension that knows when it is active. Parents
 * stand before their children. Architecture types become choices: of a layer, or of a whole subset of inputs.
 * Throws `search-space-unsupported` for a mutable_layer, for what only a tuner of the user's own knows, and for an input_choice with more than 4096 subsets.
 */
export function flatten(space: SearchSpace): FlatSpace {
  const building: Building = { dimensions: [], names: new Set() };
  for (const [name, spec] of Object.entries(space)) {
    add(building, spec, { name, path: [name], condition: undefined });
  }
  return { dimensions: building.dimensions };
}

interface Building {
  readonly dimensions: Dimension[];
  readonly names: Set<string>;
}

type Place = Pick<Dimension, "name" | "path" | "condition">;

function add(building: Building, spec: ParameterSpec, at: Place): void {
  const place = { index: building.dimensions.length, ...at, name: unused(building.names, at.name) };
  const dimension = toDimension(spec, place);
  building.dimensions.push(dimension);
  if (spec._type !== "choice") return;
  for (const [option, nested] of spec._value.entries()) {
    if (!isNestedOption(nested)) continue;
    for (const [key, inner] of Object.entries(nested)) {
      if (typeof inner === "string") continue;
      add(building, inner, {
        name: `${place.name}/${nested._name}/${key}`,
        path: [...place.path, key],
        condition: { parent: dimension.index, option },
      });
    }
  }
}

/** Names may hold slashes themselves, so two places may come to the same one: the later gets a number. */
function unused(names: Set<string>, wanted: string): string {
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted}~${number}`;
  names.add(name);
  return name;
}

function toDimension(spec: ParameterSpec, place: Place & Pick<Dimension, "index">): Dimension {
  switch (spec._type) {
    case "choice":
      return categorical(place, spec._value.map(deliveredOption), spec._value.map(isNestedOption));
    case "layer_choice":
      return categorical(
        place,
        spec._value.map((layer, index) => ({ _value: layer, _idx: index })),
      );
    case "input_choice":
      return categorical(place, deliveredInputs(place.name, spec._value));
    case "randint":
    case "uniform":
    case "quniform":
    case "loguniform":
    case "qloguniform":
    case "normal":
    case "qnormal":
    case "lognormal":
    case "qlognormal":
      return { ...place, ...numericPrior(spec) };
    case "mutable_layer":
    default: // what only the user's own tuner knows
      throw unsupported(place.name, spec);
  }
}

function unsupported(name: string, { _type }: { readonly _type?: unknown }): PolyphaseError {
  const what = _type === "mutable_layer" ? "a mutable_layer" : "something else";
  return new PolyphaseError(
    "search-space-unsupported",
    `expected a search space of numbers and choices, got ${what} at ${name}`,
    { hint: `${what} needs a tuner ${_type === "mutable_layer" ? "for architectures" : "of your own"}` },
  );
}

function categorical(
  place: Place & Pick<Dimension, "index">,
  options: readonly Json[],
  nested: readonly boolean[] = options.map(() => false),
): CategoricalDimension {
  return { ...place, kind: "categorical", size: options.length, options, nested };
}

function deliveredOption(option: ChoiceOption): Json {
  return isNestedOption(option) ? { _name: option._name } : option;
}

function deliveredInputs(name: string, choice: InputChoice): readonly Json[] {
  const count = countSubsets(choice);
  if (count > mostSubsets) {
    throw new PolyphaseError(
      "search-space-unsupported",
      `expected an input_choice of at most ${mostSubsets} subsets, got ${count} at ${name}`,
      { hint: "name fewer candidates, or set n_chosen" },
    );
  }
  return allowedSubsets(choice).map((subset) => ({
    _value: subset.map((index) => choice.candidates[index] ?? null),
    _idx: subset,
  }));
}
