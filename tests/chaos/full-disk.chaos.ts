/** An experiment whose disk is full again and again: a small file system of its own, which takes the right to mount one. */
import { execFileSync } from "node:child_process";
import { closeSync, copyFileSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockJournal, sqliteJournal } from "../../src/journal/index.ts";
import type { Journal } from "../../src/journal/index.ts";
import { run } from "../support/program.ts";
import { expectAgreement, expectNothingLost } from "./agreement.ts";
import { Arena, until } from "./arena.ts";

let arena: Arena;
let disk: string;

beforeEach(() => {
  arena = new Arena("full disk", "disk/home");
  disk = join(arena.cwd, "disk");
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "polyphase-chaos", disk]);
});

afterEach(async () => {
  try {
    execFileSync("umount", ["--lazy", disk]);
  } finally {
    await arena.dispose();
  }
});

/** Leaves not a byte. */
function fillDisk(): void {
  const file = openSync(join(disk, "filler"), "w");
  for (let size = 65_536; size >= 1;) {
    try {
      if (writeSync(file, Buffer.alloc(size)) < size) size >>= 1;
    } catch {
      size >>= 1;
    }
  }
  closeSync(file);
}

const makeRoom = (): void => rmSync(join(disk, "filler"), { force: true });

test("the manager gives up, nothing acknowledged is lost, the trials wait, and with room it goes on", async () => {
  await arena.create({ maxTrialNum: 8, tuner: { builtinTunerName: "Random" }, phaseTimeout: "10m" });
  for (let round = 0; round < 4; round++) {
    await arena.progress();
    await arena.instant(200);
    fillDisk();
    await until(() => arena.managers().length === 0);
    expectNothingLost(arena.evidence());
    const refused = await run(arena, "resume", arena.id);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/full|no space/i);
    expect(refused.stderr).not.toContain("    at ");
    makeRoom();
    await arena.resume();
  }
  arena.say("finish");
  await arena.ended();
  expectAgreement(arena.evidence());
});

test.each([1, 2, 7])("at any fill a commit of %s records is written whole or not at all", (size) => {
  const path = join(disk, "journal.sqlite");
  const open = (readOnly = false): Journal => sqliteJournal(path, { readOnly });
  const places = (journal: Journal): number[] => [...journal.read()].map(({ record }) => record.at);
  let known = 0;
  for (let round = 0; round < 6; round++) {
    const journal = open();
    const filler = openSync(join(disk, "filler"), "w");
    try {
      for (;;) {
        const batch = Array.from({ length: size }, (_, offset) => known + offset);
        journal.append(
          batch.map((at) => ({
            at,
            kind: "trial-job-running",
            trialJobId: "x".repeat(300 * (1 + (at % 5))),
          })),
        );
        known += size;
        writeSync(filler, Buffer.alloc(150_000 + 8_000 * round));
      }
    } catch (error) {
      expect(String(error)).toMatch(/full|no space/i);
    }
    const expected = Array.from({ length: known }, (_, at) => at);
    expect(places(journal)).toEqual(expected);
    expect(places(open(true))).toEqual(expected);
    expect(() =>
      journal.append([{ at: known, kind: "trial-job-running", trialJobId: "y".repeat(100_000) }]),
    ).toThrow(/full/);
    closeSync(filler);
    makeRoom();
    journal.close();
    expect(places(open())).toEqual(expected);
  }
});

test("where nobody may write, a journal that was closed is read, and who would write is refused with its name", () => {
  const path = join(disk, "journal.sqlite");
  const original = join(arena.cwd, "journal.sqlite");
  const journal = sqliteJournal(original);
  journal.append([{ at: 7, kind: "trial-job-running", trialJobId: "a" }]);
  journal.close();
  copyFileSync(original, path);
  execFileSync("mount", ["-o", "remount,ro", disk]);
  const reader = sqliteJournal(path, { readOnly: true });
  expect([...reader.read()]).toMatchObject([{ seq: 1, record: { at: 7 } }]);
  expect(() => sqliteJournal(path)).toThrow(path);
  expect(() => lockJournal(path)).toThrow(`the lock ${path}.lock cannot be taken`);
});
