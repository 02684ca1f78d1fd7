/**
 * The search space: checked, flattened, sampled, and mapped to the unit cube and back. Meaning of the types: NNI 1.x.
 */
export {
  choice,
  inputChoice,
  layerChoice,
  lognormal,
  loguniform,
  mutableLayer,
  normal,
  option,
  qlognormal,
  qloguniform,
  qnormal,
  quniform,
  randint,
  space,
  uniform,
} from "./builder.ts";
export { cardinality } from "./cardinality.ts";
export { flatten } from "./flatten.ts";
export { halfToEven, levels, snap } from "./grid.ts";
export { searchSpaceJsonSchema } from "./json-schema.ts";
export { normalCdf, normalQuantile } from "./normal.ts";
export type { ParametersOf, ValueOf } from "./parameters-of.ts";
export { parseSearchSpace, searchSpaceIssues } from "./parse.ts";
export type { SpaceOptions } from "./parse.ts";
export { contains, isActive, toParameters, toPoint } from "./point.ts";
export { SearchSpaceError } from "./search-space-error.ts";
export { sampleDimension, samplePoint } from "./sample.ts";
export { spellParameters } from "./spell-parameters.ts";
export { cell, decode, encode } from "./unit-cube.ts";
