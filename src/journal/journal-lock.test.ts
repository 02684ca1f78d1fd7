import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockJournal, sqliteJournal } from "./index.ts";

let path: string;
beforeEach(() => void (path = join(mkdtempSync(join(tmpdir(), "polyphase-lock-")), "journal.sqlite")));
afterEach(() => rmSync(join(path, ".."), { recursive: true }));

/** Another process that tries to take the lock and keeps it while it lives; resolves to whether it has got it. */
async function otherProcess(): Promise<{ readonly got: boolean; die(): Promise<void> }> {
  const script = `import sqlite3, sys
try:
    lock = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    print("got", flush=True)
except sqlite3.OperationalError as error:
    print(error, flush=True)
sys.stdin.read()`;
  const child = spawn("python3", ["-c", script, `${path}.lock`], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return {
    got: line.toString().startsWith("got"), // the line end may come by itself
    async die() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

test("a lock is held by one at a time, and is free again when it is released", async () => {
  const lock = lockJournal(path);
  expect(lock).toBeDefined();
  expect(lockJournal(path)).toBeUndefined();
  const refused = await otherProcess();
  expect(refused.got).toBe(false);
  await refused.die();
  lock?.release();
  const next = lockJournal(path);
  expect(next).toBeDefined();
  next?.release();
});

test("it is held against other processes until they die", async () => {
  const other = await otherProcess();
  expect(other.got).toBe(true);
  expect(lockJournal(path)).toBeUndefined();
  await other.die();
  const lock = lockJournal(path);
  expect(lock).toBeDefined();
  lock?.release();
});

test("it is in nobody's way who reads or writes the journal itself, and its file is for the owner", () => {
  const lock = lockJournal(path);
  const journal = sqliteJournal(path);
  journal.append([{ at: 1, kind: "trial-job-running", trialJobId: "a" }]);
  expect(sqliteJournal(path, { readOnly: true }).lastSeq).toBe(1);
  expect(statSync(`${path}.lock`).mode & 0o777).toBe(0o600);
  journal.close();
  lock?.release();
});
