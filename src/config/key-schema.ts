import type { Json, JsonObject } from "../model/index.ts";
import { configJsonSchema } from "./json-schema.ts";

/** What a key of the config means, as docs/config.md has it; undefined for keys that there are not. */
export function meaningOfKey(path: readonly string[]): string | undefined {
  const member = propertiesAt(configJsonSchema(), path.slice(0, -1))[path.at(-1) ?? ""];
  return (member as { readonly description?: string } | undefined)?.description;
}

/** The keys of a section, `[]` for the top level, in the schema of the config. */
export function propertiesAt(root: JsonObject, section: readonly (string | number)[]): JsonObject {
  return properties(section.reduce<Json>((schema, part) => properties(schema)[part] ?? {}, root));
}

/** The keys of a mapping's schema, or of the one way to write it that is a mapping. */
function properties(schema: Json): JsonObject {
  const { properties: own, anyOf } = schema as { properties?: JsonObject; anyOf?: readonly Json[] };
  return own ?? anyOf?.map(properties).find((keys) => Object.keys(keys).length > 0) ?? {};
}
