import type { JsonObject } from "../model/index.ts";

/**
 * JSON Schema (draft 2020-12) of a search space, for completion and checks in editors. It accepts every valid space; what
 * a schema cannot say (low <= high, different names) only {@link searchSpaceIssues} checks.
 */
export function searchSpaceJsonSchema(): JsonObject {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Polyphase search space",
    description: "The parameters by name.",
    type: "object",
    minProperties: 1,
    propertyNames: { pattern: namePattern("_name") },
    additionalProperties: parameter,
    $defs: { parameter: { anyOf: parameterForms }, choiceOption },
  };
}

const parameter: JsonObject = { $ref: "#/$defs/parameter" };

/** A name may be anything but empty or reserved; `reserved` may be added to the reserved ones. */
function namePattern(reserved?: string): string {
  const names = [
    "_type",
    "_value",
    "_index",
    "_idx",
    "__proto__",
    ...(reserved === undefined ? [] : [reserved]),
  ];
  return `^(?!(?:${names.join("|")})$)[^\\u0000]+$`;
}

function form(type: string, description: string, value: JsonObject): JsonObject {
  return {
    type: "object",
    description,
    properties: { _type: { const: type }, _value: value },
    required: ["_type", "_value"],
  };
}

function tuple(...items: readonly JsonObject[]): JsonObject {
  return { type: "array", prefixItems: items, items: false, minItems: items.length };
}

const integer = (title: string): JsonObject => ({ title, type: "integer" });
const number = (title: string): JsonObject => ({ title, type: "number" });
const positive = (title: string): JsonObject => ({ title, type: "number", exclusiveMinimum: 0 });
const range = [number("low"), number("high")];
const logRange = [positive("low"), positive("high")];
const normal = [number("mu"), positive("sigma")];
const q = positive("q");

const texts: JsonObject = { type: "array", items: { type: "string" } };
const layers: JsonObject = { ...texts, minItems: 1 };
const inputs: JsonObject = { ...texts, uniqueItems: true };
const count: JsonObject = { type: "integer", minimum: 0 };

const mutableLayer: JsonObject = {
  type: "object",
  properties: {
    layer_choice: layers,
    optional_inputs: inputs,
    optional_input_size: { anyOf: [count, tuple(count, count)] },
  },
  required: ["layer_choice"],
  additionalProperties: false,
};

const inputChoice: JsonObject = {
  type: "object",
  properties: {
    candidates: { ...inputs, minItems: 1 },
    n_chosen: { anyOf: [{ type: "null" }, count, { type: "array", items: count, minItems: 1 }] },
  },
  required: ["candidates"],
  additionalProperties: false,
};

const parameterForms: readonly JsonObject[] = [
  form("choice", "One of the options.", {
    type: "array",
    minItems: 1,
    items: { $ref: "#/$defs/choiceOption" },
  }),
  form("randint", "An integer, lower <= x < upper.", tuple(integer("lower"), integer("upper"))),
  form("uniform", "Uniform in [low, high].", tuple(...range)),
  form("quniform", "Uniform, rounded to multiples of q.", tuple(...range, q)),
  form("loguniform", "Uniform in the logarithm.", tuple(...logRange)),
  form("qloguniform", "Uniform in the logarithm, rounded to multiples of q.", tuple(...logRange, q)),
  form("normal", "Normally distributed.", tuple(...normal)),
  form("qnormal", "Normally distributed, rounded to multiples of q.", tuple(...normal, q)),
  form("lognormal", "exp of a normal; mu and sigma are those of the logarithm.", tuple(...normal)),
  form("qlognormal", "exp of a normal, rounded to multiples of q.", tuple(...normal, q)),
  form("layer_choice", "One of the layers of an architecture.", layers),
  form("input_choice", "Some of the inputs of a layer.", inputChoice),
  form("mutable_layer", "Layers by name, with their inputs.", {
    type: "object",
    minProperties: 1,
    propertyNames: { pattern: namePattern("_name") },
    additionalProperties: mutableLayer,
  }),
];

const choiceOption: JsonObject = {
  anyOf: [
    { type: ["null", "boolean", "number", "string", "array"] },
    {
      type: "object",
      description: "A nested space: its name, and parameters that count only where it is chosen.",
      properties: { _name: { type: "string", minLength: 1 } },
      required: ["_name"],
      propertyNames: { pattern: namePattern() },
      additionalProperties: parameter,
    },
    { type: "object", description: "Plain JSON.", properties: { _name: false, _type: false } },
  ],
};
