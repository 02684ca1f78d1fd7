import { expect, test } from "vitest";
import type { Json } from "../model/index.ts";
import { configJsonSchema, configPage } from "./index.ts";

interface Schema {
  readonly properties: { readonly [key: string]: Schema };
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
  readonly default?: Json;
}

function keysOf(schema: Schema, around = ""): [string, Schema][] {
  const section = [schema, ...(schema.anyOf ?? [])].find(({ properties }) => properties !== undefined);
  return Object.entries(section?.properties ?? {}).flatMap(([key, member]) => {
    const path = `${around}${key}`;
    return [[path, member], ...(path === "searchSpace" ? [] : keysOf(member, `${path}.`))];
  });
}

const schema = configJsonSchema() as unknown as Schema;

test("every key says what it means", () => {
  const silent = keysOf(schema).filter(([, { description }]) => !description);
  expect(silent.map(([key]) => key)).toEqual([]);
});

test("required keys and defaults are in the schema", () => {
  expect(schema.required).toEqual(["tuner", "trial"]);
  expect(schema.properties["trial"]?.required).toEqual(["command"]);
  expect(schema.properties["gracePeriod"]?.default).toBe("5m");
  expect(schema.properties["localConfig"]?.properties["maxTrialNumPerGpu"]?.default).toBe(1);
});

test("every reference in the schema leads to a definition in it", () => {
  const definitions = Object.keys(configJsonSchema()["$defs"] ?? {});
  const references = [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]*)"/g)].map(([, target]) => target);
  for (const target of references) expect(definitions.map((name) => `#/$defs/${name}`)).toContain(target);
});

test("the page of the config lists every key", () => {
  const page = configPage();
  for (const [path] of keysOf(schema)) expect(page).toContain(`| \`${path.split(".").at(-1)}\` |`);
  expect(page).toContain('| `gracePeriod` | duration | `"5m"` |');
  expect(page).toContain("| `tuner` | text or mapping | **required** |");
  expect(page).toContain("| `trialConcurrency` | integer 1 .. 99999 | `1` |");
});
