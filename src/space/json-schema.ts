import type { JsonObject } from "../model/index.ts";

const numbers = (count: number, description: string): JsonObject => ({
  type: "array",
  items: { type: "number" },
  minItems: count,
  maxItems: count,
  description,
});

const names: JsonObject = { type: "array", items: { type: "string" }, minItems: 1, uniqueItems: true };

const values: { readonly [type: string]: JsonObject } = {
  choice: {
    type: "array",
    minItems: 1,
    description: "The options; one with parameters of its own is an object with a _name.",
    items: { anyOf: [{ $ref: "#/$defs/nestedOption" }, { not: { type: "object", required: ["_name"] } }] },
  },
  randint: {
    type: "array",
    items: { type: "integer" },
    minItems: 2,
    maxItems: 2,
    description: "[lower, upper): upper never comes.",
  },
  uniform: numbers(2, "[low, high]"),
  quniform: numbers(3, "[low, high, q]: multiples of q."),
  loguniform: numbers(2, "[low, high], uniform in the logarithm; both above 0."),
  qloguniform: numbers(3, "[low, high, q]: multiples of q, uniform in the logarithm."),
  normal: numbers(2, "[mu, sigma]"),
  qnormal: numbers(3, "[mu, sigma, q]"),
  lognormal: numbers(2, "[mu, sigma] of the logarithm."),
  qlognormal: numbers(3, "[mu, sigma, q]; mu and sigma of the logarithm."),
  layer_choice: names,
  input_choice: {
    type: "object",
    required: ["candidates"],
    properties: {
      candidates: names,
      n_chosen: { anyOf: [{ type: ["integer", "null"] }, { type: "array", items: { type: "integer" } }] },
    },
  },
  mutable_layer: { type: "object" },
};

/** JSON Schema (draft 2020-12) of a search space file, for editors. */
export function searchSpaceJsonSchema(): JsonObject {
  const parameter = {
    oneOf: Object.entries(values).map(([type, value]) => ({
      type: "object",
      required: ["_type", "_value"],
      additionalProperties: false,
      properties: { _type: { const: type }, _value: value },
    })),
  };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Polyphase search space",
    type: "object",
    minProperties: 1,
    additionalProperties: { $ref: "#/$defs/parameter" },
    $defs: {
      parameter,
      nestedOption: {
        type: "object",
        required: ["_name"],
        properties: { _name: { type: "string", minLength: 1 } },
        additionalProperties: { $ref: "#/$defs/parameter" },
      },
    },
  };
}
