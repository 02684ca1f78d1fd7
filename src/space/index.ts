/**
 * The search space: checked, flattened, sampled, and mapped to the unit cube and back. Meaning of the types: NNI 1.x.
 */
export { cardinality } from "./cardinality.ts";
export { flatten } from "./flatten.ts";
export { halfToEven, levels, snap } from "./grid.ts";
export { normalCdf, normalQuantile } from "./normal.ts";
export { parseSearchSpace, searchSpaceIssues } from "./parse.ts";
export { contains, isActive, toParameters, toPoint } from "./point.ts";
export { SearchSpaceError } from "./search-space-error.ts";
export { sampleDimension, samplePoint } from "./sample.ts";
export { decode, encode } from "./unit-cube.ts";
