import { type Faults, type Path, show } from "./faults.ts";
import { didYouMean } from "../model/suggest.ts";

/** Keys that mean something to the search space itself, or to the language that reads the parameters. */
const reservedNames: readonly string[] = ["_type", "_value", "_name", "_index", "_idx", "__proto__"];

/** Checks the name of a parameter, an option or a layer. */
export function checkName(name: string, path: Path, faults: Faults): void {
  if (name === "") faults.add(path, "a name", "an empty one");
  else if (name.includes("\0")) faults.add(path, "a name without NUL characters", show(name));
  else if (reservedNames.includes(name)) faults.add(path, "a name that is not reserved", show(name));
}

/** Reports the keys that are not known here. */
export function checkKeys(value: object, known: readonly string[], path: Path, faults: Faults): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    faults.add([...path, key], `only ${known.join(", ")}`, withGuess(show(key), didYouMean(key, known)));
  }
}

/** Reports the keys that look like a known one. Others are for people, or for a tuner that reads more than we do. */
export function checkNoSlip(value: object, known: readonly string[], path: Path, faults: Faults): void {
  const slips = Object.entries(value).filter(([key]) => didYouMean(key, known) !== undefined);
  checkKeys(Object.fromEntries(slips), known, path, faults);
}

/** `got "vlaue": did you mean "_value"?` */
export function withGuess(shown: string, guess: string | undefined): string {
  return guess === undefined ? shown : `${shown}: ${guess}`;
}
