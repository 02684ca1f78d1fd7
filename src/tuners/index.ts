/** The tuners that come with the package. */
export * from "./registry.ts";
