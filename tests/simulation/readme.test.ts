import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mutants } from "./mutants.ts";
import { rules } from "./rules.ts";

test("README.md names every rule, its promise and the flaws that it catches", () => {
  const rows = rules.map(({ id, promise }) => {
    const flaws = mutants.filter(({ breaks }) => breaks === id).map(({ flaw }) => flaw);
    return `| \`${id}\` | ${promise} | ${flaws.join("; ")} |`;
  });
  const table = ["| rule | promise | caught: an experiment that |", "|---|---|---|", ...rows].join("\n");
  expect(readFileSync(new URL("README.md", import.meta.url), "utf8")).toContain(table);
});
