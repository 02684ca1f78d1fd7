/** The tuners that come with the package. */
export * from "./registry.ts";
export { type ClassArg, type ClassArgType, checkClassArgs, expectation } from "./class-args.ts";
