import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lastWords } from "./last-words.ts";

let directory: string;
beforeAll(() => void (directory = realpathSync(mkdtempSync(join(tmpdir(), "polyphase-words-")))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function wordsOf(name: string, code: string): string {
  const file = join(directory, name);
  writeFileSync(file, code);
  const { stderr } = spawnSync(process.execPath, [file], { encoding: "utf8", cwd: directory });
  return lastWords(stderr).replaceAll(directory, "DIR");
}

test.each([
  [
    "throws.mjs",
    "function f() {\n throw new TypeError('no data') }\nf()",
    "TypeError: no data (DIR/throws.mjs:2)",
  ],
  [
    "old.cjs",
    "console.error('odd:7')\nrequire('node:fs').readFileSync('gone')",
    /^Error: ENOENT: .*'gone' \(DIR\/old.cjs:2\)$/,
  ],
  [
    "port.mjs",
    "const e = new Error('connect 127.0.0.1:8080'); e.code = 'E'; throw e",
    "Error: connect 127.0.0.1:8080 (DIR/port.mjs:1)",
  ],
  ["rejects.mjs", "await Promise.reject(new Error('two\\nlines'))", "Error: two lines (DIR/rejects.mjs:1)"],
  ["broken.mjs", "x = {\n", /^SyntaxError: Unexpected end of input \(DIR\/broken.mjs:\d\)$/],
  ["text.mjs", "throw 'all gone'", "all gone"],
  [
    "imports.mjs",
    "import './nowhere.mjs'",
    /^Error \[ERR_MODULE_NOT_FOUND\]: .*nowhere.mjs' imported from DIR\/imports.mjs$/,
  ],
  ["exits.mjs", "console.error('first\\nlast'); process.exit(1)", "last"],
])("a program of Node.js, %s, is ended by its exception", (name, code, words) => {
  if (typeof words === "string") expect(wordsOf(name, code)).toBe(words);
  else expect(wordsOf(name, code)).toMatch(words);
});

test("the place of an exception is in the user's code, not in a library's", () => {
  const stack = ["Error: bad", "    at f (/x/node_modules/y/index.js:3:4)", "    at g (/home/me/a b.js:7:1)"];
  const stderr = [
    "/x/node_modules/y/index.js:3",
    "  throw e",
    "  ^",
    "",
    ...stack,
    "",
    "Node.js v22.1.0",
    "",
  ];
  expect(lastWords(stderr.join("\n"))).toBe("Error: bad (/home/me/a b.js:7)");
});
