import { isObject } from "../model/index.ts";
import { type Faults, type Path, show } from "./faults.ts";
import { checkKeys, checkName } from "./check-names.ts";

/** layer_choice: a list of layers, each the text that the trial receives. */
export function checkLayerChoice(value: unknown, path: Path, faults: Faults): void {
  if (!Array.isArray(value) || value.length === 0) {
    return faults.add(path, "a list of at least one layer", show(value));
  }
  checkTexts(value, path, faults);
}

/** input_choice: `{ candidates, n_chosen }`. */
export function checkInputChoice(value: unknown, path: Path, faults: Faults): void {
  if (!isObject(value)) return faults.add(path, "{ candidates, n_chosen }", show(value));
  checkKeys(value, ["candidates", "n_chosen"], path, faults);
  const { candidates, n_chosen: chosen } = value;
  if (!Array.isArray(candidates) || candidates.length === 0) {
    return faults.add([...path, "candidates"], "a list of at least one input", show(candidates));
  }
  checkInputs(candidates, [...path, "candidates"], faults);
  if (chosen === undefined || chosen === null) return;
  const at = [...path, "n_chosen"];
  if (!Array.isArray(chosen)) return checkCount(chosen, candidates.length, at, faults);
  if (chosen.length === 0) faults.add(at, "a list of at least one number", show(chosen));
  for (const [place, count] of chosen.entries()) checkCount(count, candidates.length, [...at, place], faults);
}

/** mutable_layer: layers by name, each `{ layer_choice, optional_inputs, optional_input_size }`. */
export function checkMutableLayer(value: unknown, path: Path, faults: Faults): void {
  if (!isObject(value) || Object.keys(value).length === 0) {
    return faults.add(path, "at least one layer by name", show(value));
  }
  for (const [name, layer] of Object.entries(value)) {
    checkName(name, [...path, name], faults);
    checkLayer(layer, [...path, name], faults);
  }
}

function checkLayer(layer: unknown, path: Path, faults: Faults): void {
  const keys = ["layer_choice", "optional_inputs", "optional_input_size"];
  if (!isObject(layer)) return faults.add(path, `{ ${keys.join(", ")} }`, show(layer));
  checkKeys(layer, keys, path, faults);
  checkLayerChoice(layer["layer_choice"], [...path, "layer_choice"], faults);
  const inputs = layer["optional_inputs"] ?? [];
  if (!Array.isArray(inputs))
    return faults.add([...path, "optional_inputs"], "a list of inputs", show(inputs));
  checkInputs(inputs, [...path, "optional_inputs"], faults);
  checkInputSize(layer["optional_input_size"] ?? 0, inputs.length, [...path, "optional_input_size"], faults);
}

function checkInputSize(size: unknown, most: number, path: Path, faults: Faults): void {
  if (!Array.isArray(size)) return checkCount(size, most, path, faults);
  if (size.length !== 2) return faults.add(path, "a number or [least, most]", show(size));
  for (const [place, count] of size.entries()) checkCount(count, most, [...path, place], faults);
  const [least, greatest] = size as readonly unknown[];
  if (typeof least === "number" && typeof greatest === "number" && least > greatest) {
    faults.add(path, "least <= most", show(size));
  }
}

function checkCount(count: unknown, most: number, path: Path, faults: Faults): void {
  if (Number.isInteger(count) && (count as number) >= 0 && (count as number) <= most) return;
  faults.add(path, `an integer from 0 to ${most}, the number of inputs`, show(count));
}

function checkInputs(inputs: readonly unknown[], path: Path, faults: Faults): void {
  checkTexts(inputs, path, faults);
  const seen = new Set<unknown>();
  for (const [place, input] of inputs.entries()) {
    if (seen.has(input)) faults.add([...path, place], "each input once", `${show(input)} again`);
    seen.add(input);
  }
}

function checkTexts(texts: readonly unknown[], path: Path, faults: Faults): void {
  for (const [place, text] of texts.entries()) {
    if (typeof text !== "string") faults.add([...path, place], "text", show(text));
  }
}
