/** The tuners that come with the package. */
export * from "./registry.ts";
export { repeatingTuner } from "./repeating.ts";
