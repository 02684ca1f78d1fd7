import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { statusAfter } from "./final-status.ts";
import { jobFiles } from "./job-files.ts";
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

/** As Python 3.11 and later draw it; of the second line of a message the bar is missing. */
const tree = `  + Exception Group Traceback (most recent call last):
  |   File "/home/me/trial.py", line 20, in <module>
  |     asyncio.run(main())
  |   File "/usr/lib/python3.12/asyncio/taskgroups.py", line 145, in __aexit__
  |     raise me from None
  | ExceptionGroup: epoch 3
went wrong (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Exception Group Traceback (most recent call last):
    |   File "/home/me/trial.py", line 15, in load
    |     raise ExceptionGroup("loaders", errors)
    | ExceptionGroup: loaders (1 sub-exception)
    +-+---------------- 1 ----------------
      | Traceback (most recent call last):
      |   File "/home/me/trial.py", line 5, in read
      |     rows["label"]
      |     ~~~~^^^^^^^^^
      | KeyError: 'label'
      |${" "}
      | The above exception was the direct cause of the following exception:
      |${" "}
      | Traceback (most recent call last):
      |   File "/home/me/trial.py", line 7, in read
      |     raise LookupError("no labels") from error
      |   File "/usr/lib/python3/dist-packages/table.py", line 70, in check
      |     raise LookupError(what)
      | LookupError: no labels
      | in rows.csv
      +------------------------------------
    +---------------- 2 ----------------
    | ValueError: not this one
    +------------------------------------
`;

test("of a group of exceptions of Python its message and its first exception are told, in one line", () => {
  expect(lastWords(tree)).toBe(
    "ExceptionGroup: epoch 3 went wrong (2 sub-exceptions): LookupError: no labels in rows.csv (/home/me/trial.py:7)",
  );
  expect(lastWords(tree.replace("epoch 3", "x".repeat(1_000)))).toMatch(
    /^ExceptionGroup: x+\.\.\.: LookupError: no labels in rows.csv \(\/home\/me\/trial.py:7\)$/,
  );
});

test("an exception of the group that was never raised has the group's place; one that came later is told instead", () => {
  const bare = tree.replace(/ {2}\+-\+[^]*? {4}\+-+ 2 -+\n/, "  +-+---------------- 1 ----------------\n");
  expect(lastWords(bare)).toBe(
    "ExceptionGroup: epoch 3 went wrong (2 sub-exceptions): ValueError: not this one (/home/me/trial.py:20)",
  );
  const later = ["Traceback (most recent call last):", '  File "/home/me/trial.py", line 30, in <module>'];
  expect(lastWords([tree, ...later, "OSError: gone", ""].join("\n"))).toBe(
    "OSError: gone (/home/me/trial.py:30)",
  );
});

test("of exceptions that were never raised but came of one another, the last one is told", () => {
  const cause =
    "    | KeyError: 'label'\n    | \n    | The above exception was the direct cause of the following exception:\n    | \n";
  expect(
    lastWords(
      tree.replace(/ {2}\+-\+[^]*? {4}\+-+ 2 -+\n/, `  +-+---------------- 1 ----------------\n${cause}`),
    ),
  ).toBe(
    "ExceptionGroup: epoch 3 went wrong (2 sub-exceptions): ValueError: not this one (/home/me/trial.py:20)",
  );
});

test("of a group whose beginning is lost, the first exception that is whole is told", () => {
  expect(lastWords(tree.slice(tree.indexOf("|     raise ExceptionGroup(")))).toBe(
    "LookupError: no labels in rows.csv (/home/me/trial.py:7)",
  );
});

const python = "import sys; sys.exit(sys.version_info < (3, 11))";
const drawsGroups = spawnSync("python3", ["-c", python]).status === 0;

test.skipIf(!drawsGroups)("so it is with the Python that is here", () => {
  const file = join(directory, "group.py");
  writeFileSync(
    file,
    `import asyncio
async def evaluate(fold):
    raise ValueError(f"no data in fold {fold}")
async def main():
    async with asyncio.TaskGroup() as group:
        for fold in range(3):
            group.create_task(evaluate(fold))
asyncio.run(main())
`,
  );
  const { stderr } = spawnSync("python3", [file], { encoding: "utf8", cwd: directory });
  expect(lastWords(stderr).replaceAll(directory, "DIR")).toBe(
    "ExceptionGroup: unhandled errors in a TaskGroup (3 sub-exceptions): ValueError: no data in fold 0 (DIR/group.py:3)",
  );
});

test("a job's stderr is read back far enough for the tracebacks of a group", () => {
  const frames = `    |   File "/home/me/trial.py", line 3, in deeper\n`.repeat(300);
  const long = tree.replace("    | ValueError: not", `    | Traceback (most recent call last):\n${frames}$&`);
  writeFileSync(join(directory, "stderr"), long);
  const status = statusAfter({ kind: "code", code: 1 }, jobFiles(directory));
  expect(status).toMatchObject({ reason: expect.stringContaining("epoch 3 went wrong") as string });
});
