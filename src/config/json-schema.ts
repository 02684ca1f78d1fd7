import * as z from "zod";
import type { Json, JsonObject } from "../model/index.ts";
import { searchSpaceJsonSchema } from "../space/index.ts";
import { configFile, requiredKeys } from "./schema.ts";

/** JSON Schema (draft 2020-12) of the config file: for completion and checks in editors. */
export function configJsonSchema(): JsonObject {
  const form = z.toJSONSchema(configFile, { io: "input" }) as JsonObject;
  const { $schema, ...keys } = requiredKeys.reduce<JsonObject>(requireKey, form);
  const { $schema: _schema, title: _title, $defs, ...space } = searchSpaceJsonSchema();
  const searchSpace = { ...space, description: descriptionOf(keys, "searchSpace") };
  return {
    $schema: $schema ?? "",
    title: "Polyphase experiment",
    ...keys,
    properties: { ...(keys["properties"] as JsonObject), searchSpace },
    ...($defs === undefined ? {} : { $defs }),
  };
}

function requireKey(schema: JsonObject, [key, ...deeper]: readonly string[]): JsonObject {
  if (key === undefined) return schema;
  const properties = schema["properties"] as JsonObject;
  if (deeper.length === 0) {
    return { ...schema, required: [...((schema["required"] as readonly string[] | undefined) ?? []), key] };
  }
  return {
    ...schema,
    properties: { ...properties, [key]: requireKey(properties[key] as JsonObject, deeper) },
  };
}

function descriptionOf(schema: JsonObject, key: string): Json {
  const properties = schema["properties"] as JsonObject;
  return (properties[key] as JsonObject)["description"] ?? "";
}
