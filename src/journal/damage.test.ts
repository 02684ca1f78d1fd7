/** What is read from journals that were cut, flipped, copied in use, removed or put where nobody may write. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isPolyphaseError, randomInteger, seeded } from "../model/index.ts";
import type { JournalRecord } from "../model/index.ts";
import { connect } from "./database.ts";
import { sqliteJournal } from "./index.ts";
import type { Journal } from "./index.ts";

let home: string;
beforeAll(() => void (home = mkdtempSync(join(tmpdir(), "polyphase-damage-"))));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let made = 0;
const newPath = (): string => join(home, `journal-${made++}.sqlite`);
const recordOf = (place: number): JournalRecord => ({
  at: place,
  kind: "trial-job-running",
  trialJobId: `${place} ${"x".repeat(100)}`,
});
const placesIn = (journal: Journal): number[] => [...journal.read()].map(({ record }) => record.at);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, place) => place);

/** Appends records `from` to `to` in commits of 1, 2, 3, 1 ... of them; where each commit ends. */
function fill(journal: Journal, from: number, to: number): number[] {
  const ends: number[] = [];
  for (let place = from, size = 1; place < to; size = (size % 3) + 1) {
    const end = Math.min(place + size, to);
    journal.append(upTo(end).slice(place).map(recordOf));
    ends.push((place = end));
  }
  return ends;
}

interface Image {
  readonly main: Buffer;
  readonly wal: Buffer;
  /** Records that are in the main file, and where each later commit ends. */
  readonly settled: number;
  readonly ends: readonly number[];
}

const settled = 100;
const total = 140;

/** What a killed process leaves: a part of the records in the main file, the others in the log alone. */
function crashImage(): Image {
  const path = newPath();
  const first = sqliteJournal(path);
  fill(first, 0, settled);
  first.close();
  const ends = fill(sqliteJournal(path), settled, total);
  return { main: readFileSync(path), wal: readFileSync(`${path}-wal`), settled, ends };
}

/** The places of the records that are read, or what was thrown. */
function read(main: Buffer, wal: Buffer | undefined, readOnly: boolean): number[] | Error {
  const path = newPath();
  writeFileSync(path, main);
  if (wal) writeFileSync(`${path}-wal`, wal);
  try {
    const journal = sqliteJournal(path, { readOnly });
    const places = placesIn(journal);
    if (!readOnly) {
      journal.append([recordOf(places.length)]);
      expect(placesIn(journal)).toEqual(upTo(places.length + 1));
    }
    journal.close();
    return places;
  } catch (error) {
    return error as Error;
  } finally {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
  }
}

function expectRefusal(error: unknown): void {
  if (!isPolyphaseError(error)) throw error;
  expect(error.code).toBe("journal-unreadable");
  expect(error.message).toContain(home);
  expect(error.hint).toContain("intact copy");
}

describe("a journal whose process was killed", () => {
  test.each([true, false])(
    "opens to the last whole commit, wherever its log is cut (readOnly %s)",
    (readOnly) => {
      const { main, wal, ends } = crashImage();
      let known = settled;
      for (let size = 0; size <= wal.length; size += 1_033) {
        const places = read(main, wal.subarray(0, size), readOnly);
        if (places instanceof Error) throw places;
        expect(places).toEqual(upTo(places.length));
        expect([settled, ...ends]).toContain(places.length);
        expect(places.length).toBeGreaterThanOrEqual(known);
        known = places.length;
      }
      expect(read(main, wal, readOnly)).toEqual(upTo(total));
    },
  );

  test("is read whole, or refused, wherever its main file is cut: no record is lost in silence", () => {
    const { main, wal } = crashImage();
    for (let size = 0; size < main.length; size += 1_021) {
      for (const readOnly of [true, false]) {
        const places = read(main.subarray(0, size), wal, readOnly);
        if (places instanceof Error) expectRefusal(places);
        else expect(places).toEqual(upTo(total));
      }
    }
  });

  test("is refused where one of its bytes has changed, or read as it was written", () => {
    const { main, wal, ends } = crashImage();
    const random = seeded(1);
    const flip = (bytes: Buffer): Buffer => {
      const flipped = Buffer.from(bytes);
      const at = randomInteger(random, bytes.length);
      flipped[at] = (flipped[at] as number) ^ (1 + randomInteger(random, 255));
      return flipped;
    };
    let refused = 0;
    for (let round = 0; round < 250; round++) {
      const places = read(flip(main), undefined, round % 2 === 0);
      if (places instanceof Error) {
        expectRefusal(places);
        refused += 1;
      } else expect(places).toEqual(upTo(settled));
    }
    expect(refused).toBeGreaterThan(80);
    for (let round = 0; round < 80; round++) {
      const places = read(main, flip(wal), round % 2 === 0);
      if (places instanceof Error) throw places;
      expect(places).toEqual(upTo(places.length));
      expect([settled, ...ends]).toContain(places.length);
    }
  });
});

describe("a journal beside others", () => {
  test("copied at any moment while it is written opens to whole commits, or is refused and asks for a new copy", () => {
    const path = newPath();
    const writer = sqliteJournal(path);
    let refused = 0;
    const copies = 50;
    for (let round = 0, place = 0; round < copies; round++) {
      const steps = 1 + (round % 40);
      const ends = [place, ...fill(writer, place, place + steps)];
      place += steps;
      const copy = newPath();
      copyFileSync(path, copy);
      if (round % 3 === 0) place = fill(writer, place, place + 40).at(-1) as number; // between the two files
      copyFileSync(`${path}-wal`, `${copy}-wal`);
      const places = read(readFileSync(copy), readFileSync(`${copy}-wal`), round % 2 === 0);
      if (places instanceof Error) {
        expectRefusal(places);
        refused += 1;
      } else {
        expect(places).toEqual(upTo(places.length));
        expect(places.length).toBeGreaterThanOrEqual(ends.at(-1) as number);
      }
      for (const suffix of ["", "-wal"]) rmSync(`${copy}${suffix}`);
    }
    expect(refused).toBeLessThan(copies / 10);
    writer.close();
  });

  test.each(["", "-wal"])(
    "that is removed (%s) while it is written takes no more: nothing vanishes unseen",
    (suffix) => {
      const path = newPath();
      const writer = sqliteJournal(path);
      fill(writer, 0, 10);
      renameSync(`${path}${suffix}`, `${path}${suffix}.elsewhere`);
      expect(() => writer.append([recordOf(10)])).toThrow(`${path} was removed or replaced`);
      writeFileSync(`${path}${suffix}`, "");
      expect(() => writer.append([recordOf(10)])).toThrow(`${path} was removed or replaced`);
    },
  );

  test("that is not there is not made by who only reads", () => {
    const path = newPath();
    expect(() => sqliteJournal(path, { readOnly: true })).toThrow(path);
    expect(existsSync(path)).toBe(false);
  });

  test("of another program is left as it is", () => {
    const path = newPath();
    const other = connect(path);
    other.exec("CREATE TABLE theirs (x)");
    other.close();
    const before = readFileSync(path);
    expect(() => sqliteJournal(path)).toThrow(
      `${path} cannot be opened as a journal: it is another program's`,
    );
    expect(readFileSync(path)).toEqual(before);
  });

  test("in a path with every character that a URI gives a meaning to is read", () => {
    const path = join(mkdtempSync(join(home, "100% sure? #1 & [+]=;:@é ")), "journal.sqlite");
    fill(sqliteJournal(path), 0, 3);
    expect(placesIn(sqliteJournal(path, { readOnly: true }))).toEqual(upTo(3));
  });
});

test("results of megabytes are read beside small ones", () => {
  const path = newPath();
  const journal = sqliteJournal(path);
  const value = "long\n".repeat(300_000);
  const record = (parameterId: number): JournalRecord => ({
    at: parameterId,
    kind: "intermediate-result",
    parameterId,
    sequence: 0,
    value: parameterId % 7 === 0 ? value : NaN,
  });
  for (const place of upTo(60)) journal.append([record(place)]);
  expect([...journal.read()].map((numbered) => numbered.record)).toEqual(upTo(60).map(record));
  expect([...journal.read(57)].map(({ seq }) => seq)).toEqual([58, 59, 60]);
  journal.close();
});
