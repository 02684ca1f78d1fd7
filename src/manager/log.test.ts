import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileLog } from "./log.ts";

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), "polyphase-log-"))));
afterEach(() => rmSync(directory, { recursive: true }));

test("lines of the level and above are written, one JSON object each", async () => {
  const log = await fileLog(directory, "warning", (text) => text);
  log("info", "of no interest");
  log("warning", "careful");
  const lines = readFileSync(join(directory, "manager.log"), "utf8").trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(["careful"]);
});

test.skipIf(!existsSync("/dev/full"))("a full disk costs lines, and nobody who logs is harmed", async () => {
  symlinkSync("/dev/full", join(directory, "manager.log"));
  const log = await fileLog(directory, "info", (text) => text);
  expect(() => {
    log("error", "the journal cannot be written: disk full");
    log("error", "once more");
  }).not.toThrow();
});
