import { copyFileSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { journalRules } from "../conformance/journal.ts";
import type { JournalHarness } from "../conformance/journal.ts";
import { check } from "../conformance/rule.ts";
import type { JournalRecord, NumberedRecord } from "../model/index.ts";
import { memoryJournal, sqliteJournal } from "./index.ts";
import type { Journal } from "./index.ts";

const made: string[] = [];
afterEach(() => made.splice(0).forEach((directory) => rmSync(directory, { recursive: true, force: true })));

function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), "polyphase-journal-"));
  made.push(directory);
  return directory;
}

function sqliteHarness(): JournalHarness {
  let path = join(scratch(), "journal.sqlite");
  return {
    open: () => sqliteJournal(path),
    openReader: () => sqliteJournal(path, { readOnly: true }),
    tear() {
      // Another process would not share what SQLite keeps in memory of the file.
      const image = join(scratch(), "journal.sqlite");
      for (const suffix of ["", "-wal"]) copyFileSync(`${path}${suffix}`, `${image}${suffix}`);
      truncateSync(`${image}-wal`, statSync(`${image}-wal`).size - 2_000);
      path = image;
    },
  };
}

function memoryHarness(): JournalHarness {
  const lines: string[] = [];
  return {
    open: () => memoryJournal(lines),
    openReader: () => memoryJournal(lines),
    tear: () => lines.push((lines.pop() as string).slice(0, 20)),
  };
}

const journals = {
  sqlite: { harness: sqliteHarness, waivers: {} },
  memory: { harness: memoryHarness, waivers: { "journal/torn-tail": "lives in this process only" } },
};

describe.each(Object.entries(journals))("%s journal", (_name, { harness, waivers }) => {
  for (const rule of journalRules) test(`${rule.id}: ${rule.promise}`, () => check(rule, harness(), waivers));
});

/** For every rule, a journal that breaks this rule on purpose. */
const mutants: Record<string, (harness: JournalHarness) => JournalHarness> = {
  "journal/order": changed((journal) => ({
    append: (records: readonly JournalRecord[]) => journal.append([...records].reverse()),
  })),
  "journal/durable": () => harnessOf(() => memoryJournal()),
  "journal/all-or-nothing": changed((journal) => ({
    append: (records: readonly JournalRecord[]) => records.forEach((record) => journal.append([record])),
  })),
  "journal/by-value": () => {
    const kept: NumberedRecord[] = [];
    return harnessOf(() => ({
      lastSeq: 0,
      append: (records) => records.forEach((record) => kept.push({ seq: kept.length + 1, record })),
      read: () => kept,
      close() {},
    }));
  },
  "journal/numbers": changed((journal) => ({
    append: (records: readonly JournalRecord[]) =>
      journal.append(JSON.parse(JSON.stringify(records)) as readonly JournalRecord[]),
  })),
  "journal/prefix": () => {
    const kept: NumberedRecord[] = [];
    return harnessOf(() => ({
      lastSeq: 0,
      append: (records) => records.forEach((record) => kept.push({ seq: kept.length + 1, record })),
      read: () => kept, // iterating an array sees what is pushed meanwhile
      close() {},
    }));
  },
  "journal/unknown-kinds": changed((journal) => ({
    read: () => [...journal.read()].filter(({ record }) => record.kind === "trial-job-running"),
  })),
  "journal/torn-tail": () => memoryHarness(), // keeps the half line
  "journal/later-version": () => {
    const lines: string[] = [];
    return harnessOf(() => ({
      ...memoryJournal(),
      append: (records) => void lines.push(...records.map(String)),
    }));
  },
  "journal/closed-twice": changed((journal) => {
    let closed = false;
    return {
      close() {
        if (closed) throw new Error("closed already");
        closed = true;
        journal.close();
      },
    };
  }),
};

function harnessOf(open: () => Journal): JournalHarness {
  return { open, openReader: open, tear() {} };
}

function changed(
  change: (journal: Journal) => Partial<Journal>,
): (harness: JournalHarness) => JournalHarness {
  const wrap = (journal: Journal): Journal => ({
    get lastSeq() {
      return journal.lastSeq;
    },
    append: (records) => journal.append(records),
    read: (seq) => journal.read(seq),
    close: () => journal.close(),
    ...change(journal),
  });
  return (harness) => ({
    ...harness,
    open: () => wrap(harness.open()),
    openReader: () => wrap(harness.openReader()),
  });
}

describe("every rule has a mutant that it catches", () => {
  for (const rule of journalRules) {
    test(rule.id, async () => {
      const mutant = mutants[rule.id];
      expect(mutant).toBeDefined();
      await expect(rule.check((mutant as (typeof mutants)[string])(memoryHarness()))).rejects.toThrow();
    });
  }
});

test("after a clean close the file alone holds everything", () => {
  const path = join(scratch(), "journal.sqlite");
  const journal = sqliteJournal(path);
  for (let at = 0; at < 50; at++) journal.append([{ at, kind: "trial-job-running", trialJobId: "a" }]);
  journal.close();
  const copy = join(scratch(), "copy.sqlite");
  copyFileSync(path, copy);
  expect(sqliteJournal(copy, { readOnly: true }).lastSeq).toBe(50);
});

describe("a file that is no journal", () => {
  test.each([
    ["is empty text", "hello"],
    ["is not there", undefined],
  ])("that %s is refused by a reader with its path", (_what, content) => {
    const path = join(scratch(), "x.sqlite");
    if (content !== undefined) writeFileSync(path, content);
    expect(() => sqliteJournal(path, { readOnly: true })).toThrow(path);
  });

  test("a reader cannot append", () => {
    const path = join(scratch(), "j.sqlite");
    sqliteJournal(path).append([{ at: 1, kind: "trial-job-running", trialJobId: "a" }]);
    expect(() => sqliteJournal(path, { readOnly: true }).append([])).toThrow("opened for reading");
  });
});
