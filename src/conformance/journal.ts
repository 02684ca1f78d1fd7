import assert from "node:assert/strict";
import type { Journal } from "../journal/journal.ts";
import { journalVersion } from "../model/index.ts";
import type { ExperimentConfig, JournalRecord } from "../model/index.ts";
import type { Rule } from "./rule.ts";

/** Power over the world of one journal. */
export interface JournalHarness {
  /** Opens the journal; called again it means: a new process. */
  open(): Journal;
  /** Opens it beside a living writer, for reading. */
  openReader(): Journal;
  /** Half of what was appended last is lost, as when power fails in mid-write; whoever had the journal open is gone. */
  tear(): void;
}

const running = (trialJobId: string, at = 1): JournalRecord => ({
  at,
  kind: "trial-job-running",
  trialJobId,
});
const created: JournalRecord = {
  at: 1,
  kind: "experiment-created",
  version: journalVersion,
  experimentId: "abcdefgh",
  config: {} as ExperimentConfig,
  seed: 1,
};
const idsOf = (journal: Journal, after?: number): string[] =>
  [...journal.read(after)].map(({ record }) => (record as { trialJobId: string }).trialJobId);

/** What every journal keeps. */
export const journalRules: readonly Rule<JournalHarness>[] = [
  {
    id: "journal/order",
    promise: "records come back in the order in which they were appended, numbered 1, 2, 3 ...",
    async check({ open }) {
      const journal = open();
      journal.append([running("a"), running("b")]);
      journal.append([running("c")]);
      assert.deepEqual(
        [...journal.read()].map(({ seq }) => seq),
        [1, 2, 3],
      );
      assert.deepEqual(idsOf(journal), ["a", "b", "c"]);
      assert.deepEqual(idsOf(journal, 1), ["b", "c"]);
      assert.equal(journal.lastSeq, 3);
      journal.close();
    },
  },
  {
    id: "journal/durable",
    promise: "what was appended is there for the next process, though nobody closed the journal",
    async check({ open }) {
      open().append([running("a")]);
      const next = open();
      assert.deepEqual(idsOf(next), ["a"]);
      next.append([running("b")]);
      assert.deepEqual(idsOf(open()), ["a", "b"]);
    },
  },
  {
    id: "journal/all-or-nothing",
    promise: "when one record of a batch cannot be written, none is",
    async check({ open }) {
      const journal = open();
      journal.append([running("a")]);
      const loop: Record<string, unknown> = { ...running("c") };
      loop["self"] = loop;
      assert.throws(() => journal.append([running("b"), loop as unknown as JournalRecord]));
      assert.deepEqual(idsOf(journal), ["a"]);
      journal.append([running("d")]);
      assert.deepEqual(
        [...journal.read()].map(({ seq }) => seq),
        [1, 2],
      );
      journal.close();
    },
  },
  {
    id: "journal/by-value",
    promise: "a record that its writer changes afterwards stays as it was appended",
    async check({ open }) {
      const journal = open();
      const record = { ...running("a") } as { trialJobId: string };
      journal.append([record as JournalRecord]);
      record.trialJobId = "changed";
      assert.deepEqual(idsOf(journal), ["a"]);
      journal.close();
    },
  },
  {
    id: "journal/numbers",
    promise: "NaN, infinities and all of a double's digits come back",
    async check({ open }) {
      const values = [NaN, Infinity, -Infinity, 0.1 + 0.2, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER];
      const journal = open();
      journal.append(
        values.map((value, sequence) => ({
          at: 1,
          kind: "intermediate-result",
          parameterId: 0,
          sequence,
          value,
        })),
      );
      assert.deepEqual(
        [...journal.read()].map(({ record }) => (record as { value: unknown }).value),
        values,
      );
      journal.close();
    },
  },
  {
    id: "journal/prefix",
    promise:
      "a reader beside the writer sees what was there when it began to read, and later appends when it reads again",
    async check({ open, openReader }) {
      const writer = open();
      writer.append([running("a"), running("b")]);
      const reader = openReader();
      const reading = reader.read()[Symbol.iterator]();
      assert.equal(reading.next().value?.seq, 1);
      writer.append([running("c")]);
      assert.equal(reading.next().value?.seq, 2);
      assert.equal(reading.next().done, true);
      assert.deepEqual(idsOf(reader), ["a", "b", "c"]);
      reader.close();
      writer.close();
    },
  },
  {
    id: "journal/unknown-kinds",
    promise: "records of kinds that a later version writes are kept as they are",
    async check({ open }) {
      const later = {
        at: 1,
        kind: "of-a-later-version",
        some: { thing: [1, null] },
      } as unknown as JournalRecord;
      open().append([later]);
      assert.deepEqual(
        [...open().read()].map(({ record }) => record),
        [later],
      );
    },
  },
  {
    id: "journal/torn-tail",
    promise: "an append of which a half is lost is forgotten whole, and later ones are readable",
    async check({ open, tear }) {
      const journal = open();
      journal.append([running("a"), running("b")]);
      journal.append([running("torn"), running("too")]);
      tear();
      const next = open();
      assert.deepEqual(idsOf(next), ["a", "b"]);
      assert.equal(next.lastSeq, 2);
      next.append([running("c")]);
      assert.deepEqual(idsOf(open()), ["a", "b", "c"]);
    },
  },
  {
    id: "journal/later-version",
    promise:
      "a journal that a later version has begun is refused by writers and readers, which name both versions",
    async check({ open, openReader }) {
      const version = journalVersion + 1;
      open().append([{ ...created, version }]);
      const refusal = {
        code: "journal-too-new",
        message: new RegExp(`later version \\(${version}\\), this one reads up to ${journalVersion}`),
      };
      assert.throws(open, refusal);
      assert.throws(openReader, refusal);
    },
  },
  {
    id: "journal/closed-twice",
    promise: "closing twice is fine",
    async check({ open }) {
      const journal = open();
      journal.append([running("a")]);
      journal.close();
      journal.close();
    },
  },
];
