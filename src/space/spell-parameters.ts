import { isObject, type Json, type ParameterSpec, type SearchSpace, spell } from "../model/index.ts";
import { isNestedOption } from "./nested-option.ts";

/**
 * JSON text of parameters in which a number has a decimal point (`1.0`) wherever the search space has fractions. Languages that tell
 * integers from floats then get one type for one parameter, as NNI gave it: to scikit-learn `max_features=1` is one feature, and
 * `1.0` is all of them.
 */
export function spellParameters(space: SearchSpace, parameters: Json): string {
  if (!isObject(parameters)) return spell(parameters);
  const members = Object.entries(parameters).map(([name, value]) => {
    const spec = Object.hasOwn(space, name) ? space[name] : undefined;
    return `${JSON.stringify(name)}:${spec === undefined ? spell(value) : spellValue(spec, value)}`;
  });
  return `{${members.join(",")}}`;
}

function spellValue(spec: ParameterSpec, value: Json): string {
  if (typeof value === "number") {
    const text = spell(value);
    return /^-?\d+$/.test(text) && hasFractions(spec) ? `${text}.0` : text;
  }
  if (spec._type !== "choice" || !isObject(value)) return spell(value);
  const option = spec._value.filter(isNestedOption).find(({ _name }) => _name === value["_name"]);
  return option === undefined ? spell(value) : spellParameters(option as unknown as SearchSpace, value);
}

const known = new WeakMap<ParameterSpec, boolean>();

function hasFractions(spec: ParameterSpec): boolean {
  const found = known.get(spec) ?? mayBeFraction(spec);
  known.set(spec, found);
  return found;
}

function mayBeFraction(spec: ParameterSpec): boolean {
  switch (spec._type) {
    case "uniform":
    case "loguniform":
    case "normal":
    case "lognormal":
      return true;
    case "quniform":
    case "qloguniform":
      return !spec._value.every(Number.isInteger);
    case "qnormal":
    case "qlognormal":
      return !Number.isInteger(spec._value[2]);
    case "choice":
      return spec._value.some((option) => typeof option === "number" && !Number.isInteger(option));
    case "randint":
    case "layer_choice":
    case "input_choice":
    case "mutable_layer":
    default: // what only the user's own tuner knows
      return false;
  }
}
