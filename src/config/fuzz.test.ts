/** Texts that are no configs, and configs that nobody would write: read, or refused with places; soon, and nothing else. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseSearchSpace, searchSpaceIssues } from "../space/index.ts";
import { isPolyphaseError } from "../model/index.ts";
import type { ConfigError } from "./index.ts";
import { configFromObject, parseConfig } from "./index.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "config-fuzz-"));
  writeFileSync(path.join(directory, "space.json"), '{"x": {"_type": "uniform", "_value": [0, 1]}}');
});
afterAll(() => rmSync(directory, { recursive: true }));

const runs = {
  numRuns: Number(process.env["FUZZ_RUNS"] ?? 100),
  ...(process.env["FUZZ_SEED"] ? { seed: Number(process.env["FUZZ_SEED"]) } : {}),
};

const around = () => ({
  directory,
  env: { HOME: directory, KEY: "a-secret-key" },
  tunerNames: ["TPE", "Random"],
});

function readOrRefused(text: string, file: string): "read" | "refused" {
  try {
    parseConfig(text, { file, ...around() });
    return "read";
  } catch (error) {
    expectRefusal(error, file);
    return "refused";
  } finally {
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  }
}

function expectRefusal(error: unknown, file: string): void {
  if (!isPolyphaseError(error) || error.code !== "config-invalid") throw error;
  const { issues, message } = error as ConfigError;
  expect(issues.length).toBeGreaterThan(0);
  expect(message.length).toBeLessThan(100_000);
  for (const issue of issues.slice(0, 100)) {
    expect(issue.message).not.toBe("");
    // Only a text that is too long to be read, or that no parser takes, has no places.
    if (issue.line === null) expect(issue.message).toMatch(/expected at most|that can be read/);
    else
      expect([issue.file === null, issue.line >= 1, (issue.column ?? 0) >= 1]).toEqual([false, true, true]);
  }
  expect(file).not.toBe("");
}

const base = {
  experimentName: "x",
  trialConcurrency: 2,
  maxExecDuration: "1h",
  multiPhase: true,
  searchSpace: {
    x: { _type: "uniform", _value: [0, 1] },
    c: { _type: "choice", _value: ["a", { _name: "b" }] },
  },
  tuner: { builtinTunerName: "TPE", classArgs: { optimize_mode: "maximize", api_key: "${env:KEY}" } },
  trial: { command: "true", codeDir: ".", gpuNum: 0, env: { A: "b", N: 1, TOKEN: "$${env:X}" } },
  localConfig: { gpuIndices: "0,1" },
  secrets: ["trial.env.A"],
};

const keys = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "",
    "<<",
    "\0",
    "a.b",
    "0",
    "\ud800",
  ),
  fc.constantFrom(
    ...Object.keys(base),
    ...Object.keys(base.trial),
    "_type",
    "_value",
    "_name",
    "classArgs",
    "machineList",
  ),
  fc.string({ maxLength: 20 }),
);

const leaves = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    "",
    0,
    -0,
    -1,
    1e308,
    1e-320,
    2 ** 53,
    Infinity,
    NaN,
    "\0",
    "\ud800",
    "~",
    "/",
    "..",
    "1h",
    "${env:KEY}",
  ),
  fc.constantFrom<unknown>(
    "${env:",
    "$${env:KEY}",
    "${env:${env:KEY}}",
    "sealed:x",
    "https://a:b@c",
    "x".repeat(5_000),
    [],
    {},
  ),
  fc.double(),
  fc.string({ maxLength: 30 }),
);

const values: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaves,
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(fc.tuple(keys, tie("value")), { maxLength: 5 })
      .map((members) => Object.fromEntries(members) as unknown),
  ),
})).value;

/** A good config with a few of its parts replaced, taken away, or added to. */
const mutated = fc
  .array(fc.tuple(fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 4 }), keys, values), {
    minLength: 1,
    maxLength: 3,
  })
  .map((changes) => {
    const config = structuredClone(base) as Record<string, unknown>;
    for (const [way, key, value] of changes) change(config, way, key, structuredClone(value));
    return config;
  });

function change(
  from: Record<string, unknown>,
  [turn = 0, ...rest]: readonly number[],
  key: string,
  value: unknown,
): void {
  const names = Object.keys(from);
  const name = names[turn % (names.length + 1)] ?? key;
  const inner = Object.hasOwn(from, name) ? from[name] : undefined;
  if (rest.length > 0 && typeof inner === "object" && inner !== null)
    change(inner as Record<string, unknown>, rest, key, value);
  else Object.defineProperty(from, name, { value, enumerable: true, configurable: true, writable: true });
}

const files = fc.constantFrom("experiment.yml", "experiment.json", "experiment");

describe("the config", () => {
  test("of any text", () => {
    const pieces = fc.constantFrom(
      ..."{}[]:,-&*!|>'\"#%@`?\n\t \0<~",
      ": ",
      "- ",
      "&a ",
      "*a",
      "<<: *a",
      "!!binary ",
      "!!set ",
      "? ",
      "---\n",
      "\ufeff",
      "tuner",
      "trial:",
      "${env:",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(pieces, { maxLength: 60 }).map((some) => some.join("")),
    );
    fc.assert(
      fc.property(text, files, (some, file) => void readOrRefused(some, file)),
      runs,
    );
  });

  test("of a good config, changed", () => {
    fc.assert(
      fc.property(mutated, files, (config, file) => {
        readOrRefused(JSON.stringify(config), file);
        try {
          configFromObject(config, around());
        } catch (error) {
          if (!isPolyphaseError(error) || error.code !== "config-invalid") throw error;
        }
      }),
      runs,
    );
  });

  test("as it is, so that there is something to change", () => {
    expect(readOrRefused(JSON.stringify(base), "experiment.json")).toBe("read");
  });

  const bombs: readonly (readonly [string, string])[] = [
    [
      "aliases of aliases",
      `a0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`).join("\n")}\n`,
    ],
    [
      "merges of merges",
      `a0: &a0 {x: 1}\n${Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} {<<: [*a${n}, *a${n}], b${n}: 1}`).join("\n")}\n`,
    ],
    ["an anchor in itself", "tuner: &a {classArgs: *a}\n"],
    ["brackets without end", "[".repeat(20_000)],
    ["braces without end", '{"a":'.repeat(20_000)],
    ["deep brackets", `tuner: ${"[".repeat(3_000)}${"]".repeat(3_000)}`],
    ["deep indentation", Array.from({ length: 1_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
    ["many keys", Array.from({ length: 30_000 }, (_, n) => `k${n}: 1`).join("\n")],
    [
      "many unknown keys of secrets",
      `secrets: [${Array.from({ length: 2_000 }, (_, n) => `trial.env.K${n}`).join(", ")}]\ntrial: {env: {${Array.from({ length: 2_000 }, (_, n) => `S${n}: a`).join(", ")}}}`,
    ],
    ["open references", `trial: {env: {A: "${"${env:".repeat(20_000)}"}}`],
    ["references", `trial: {env: {A: "${"${env:KEY}".repeat(20_000)}"}}`],
    ["a long command", `trial: {command: "${"--token ".repeat(20_000)}"}`],
    ["a command of dashes", `trial: {command: "${"-".repeat(100_000)}"}`],
    ["a long number", `seed: ${"9".repeat(100_000)}`],
    ["a long key", `${"k".repeat(100_000)}: 1`],
    ["a secret of many lines", `tuner: {name: X, classArgs: {token: "${"line of it\\n".repeat(10_000)}"}}`],
    ["comments", `/* ${"* /".repeat(50_000)}`],
    ["NULs", "\0".repeat(10_000)],
  ];
  test.each(bombs)("of %s is refused, and soon: what blows up would outlast the test", (_name, text) => {
    expect(readOrRefused(text, "experiment.yml")).toBe("refused");
    expect(readOrRefused(text, "experiment.json")).toBe("refused");
  });
});

describe("the search space", () => {
  const specs = fc.record(
    {
      _type: fc.oneof(
        fc.constantFrom(
          "choice",
          "randint",
          "uniform",
          "quniform",
          "loguniform",
          "qloguniform",
          "normal",
          "qnormal",
          "lognormal",
          "qlognormal",
          "layer_choice",
          "input_choice",
          "mutable_layer",
        ),
        leaves,
      ),
      _value: fc.oneof(fc.array(leaves, { maxLength: 4 }), values),
    },
    { requiredKeys: [] },
  );
  const spaces = fc.oneof(
    fc
      .array(fc.tuple(keys, fc.oneof(specs, values)), { maxLength: 5 })
      .map((members) => Object.fromEntries(members) as unknown),
    values,
  );

  test("of any JSON is parsed, or has faults that lead somewhere", () => {
    fc.assert(
      fc.property(spaces, (space) => {
        const issues = searchSpaceIssues(space);
        for (const { path: way, message } of issues)
          expect([Array.isArray(way), message === ""]).toEqual([true, false]);
        if (issues.length === 0)
          expect(Object.keys(parseSearchSpace(space))).toEqual(Object.keys(space as object));
        expect(({} as { polluted?: number }).polluted).toBeUndefined();
      }),
      runs,
    );
  });

  test("in a file is part of the config, faults and all", () => {
    fc.assert(
      fc.property(spaces, (space) => {
        writeFileSync(path.join(directory, "fuzzed.json"), JSON.stringify(space));
        const { searchSpace: _space, ...rest } = base;
        readOrRefused(JSON.stringify({ ...rest, searchSpacePath: "fuzzed.json" }), "experiment.json");
      }),
      { ...runs, numRuns: Math.ceil(runs.numRuns / 3) },
    );
  });
});
