/** Secrets are compared in constant time: no file of the server or the manager holds two of them against each other by itself. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const secret = /(?:token|secret|session|bearer|hash)(?:Token|Hash)?[)\];]*$/i;
const harmless = /^(?:undefined\b|null\b|""|"admin"|"viewer")/;

/** Whether the line holds something that is called a secret against anything but a constant that is none. */
function comparesSecrets(line: string): boolean {
  return [...line.matchAll(/([\w.?"]+)\s*[=!]==?\s*([\w.?"]+)/g)].some(
    ([, left = "", right = ""]) =>
      (secret.test(left) && !harmless.test(right)) || (secret.test(right) && !harmless.test(left)),
  );
}

test.each(["server", "manager"])("in src/%s", (room) => {
  const directory = fileURLToPath(new URL(`../${room}/`, import.meta.url));
  const sources = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) =>
    /(?<!\.test)\.ts$/.test(name),
  );
  expect(sources.length).toBeGreaterThan(5);
  const found = sources.flatMap((name) =>
    readFileSync(`${directory}${name}`, "utf8")
      .split("\n")
      .filter((line) => comparesSecrets(line) && !line.trim().startsWith("*"))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

test.each([
  ["if (token === adminToken) return;", true],
  ["current !== tokenHash", true],
  ["return given == secret;", true],
  ['if (secret === "") throw', false],
  ["token === undefined ? a : b", false],
  ['token !== "admin"', false],
])("%j is found: %s", (line, expected) => expect(comparesSecrets(line)).toBe(expected));
