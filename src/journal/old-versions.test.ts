/** Journals that earlier versions have written, in tests/fixtures/journals: each must load for ever, with the same meaning. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { journalVersion } from "../model/index.ts";
import type { Json } from "../model/index.ts";
import { connect } from "./database.ts";
import { fold, sqliteJournal } from "./index.ts";
import { exportView } from "./views.ts";

const fixtures = fileURLToPath(new URL("../../tests/fixtures/journals/", import.meta.url));
const names = readdirSync(fixtures).filter((name) => name.endsWith(".sqlite"));

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), "polyphase-old-"))));
afterEach(() => rmSync(directory, { recursive: true }));

/** What people are shown of the journal, without its config, whose defaults may grow. */
function meaning(path: string): Json {
  const journal = sqliteJournal(path, { readOnly: true });
  const state = fold(journal.read());
  journal.close();
  const { experiment, ...rest } = exportView(state, { now: state.lastRecordAt, pid: null, url: null });
  const { config: _config, ...facts } = experiment;
  return JSON.parse(JSON.stringify({ experiment: facts, ...rest })) as Json;
}

test("there is one of each version", () => {
  const versions = Array.from({ length: journalVersion }, (_, before) => `v${before + 1}.sqlite`);
  expect(names.sort()).toEqual(versions);
});

describe.each(names)("the journal %s", (name) => {
  const expectedFile = join(fixtures, name.replace(".sqlite", ".json"));

  test("means what it meant", () => {
    const copy = join(directory, name);
    copyFileSync(join(fixtures, name), copy);
    const found = meaning(copy);
    if (!existsSync(expectedFile)) {
      writeFileSync(expectedFile, `${JSON.stringify(found, null, 2)}\n`);
      throw new Error(`${expectedFile} was made: look at it, and keep it with the journal`);
    }
    // There may be more to say by now.
    expect(found).toMatchObject(JSON.parse(readFileSync(expectedFile, "utf8")) as object);
  });

  test("is appended to, and read with what is new", () => {
    const copy = join(directory, name);
    copyFileSync(join(fixtures, name), copy);
    const before = [...sqliteJournal(copy, { readOnly: true }).read()];
    const added = { at: 1, kind: "manager-started", pid: 1 } as const;
    const journal = sqliteJournal(copy);
    journal.append([added]);
    expect([...journal.read()]).toEqual([...before, { seq: before.length + 1, record: added }]);
    journal.close();
  });

  test("that a later version has gone on with is refused, by writers and readers", () => {
    const copy = join(directory, name);
    copyFileSync(join(fixtures, name), copy);
    const database = connect(copy);
    database.exec(`PRAGMA user_version = ${journalVersion + 1}`);
    database.close();
    const refusal = `${copy} was written by a later version (${journalVersion + 1})`;
    expect(() => sqliteJournal(copy)).toThrow(refusal);
    expect(() => sqliteJournal(copy, { readOnly: true })).toThrow(refusal);
  });
});
