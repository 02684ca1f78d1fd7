/** Trial code may put anything in the place of its log. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerOf, adminToken, testServer } from "../../tests/support/server.ts";
import { appendTrialLog, readManagerLog, readTrialLog } from "./trial-logs.ts";

let ground: string;
let directory: string;
let output: string;
let stdout: string;
const jobs = { state: { trialJobs: new Map([["AbcDe", { id: "AbcDe", attempt: 0 }]]) } } as never;

/** The experiment's directory is reached by a link, as with `logDir`. */
beforeEach(() => {
  ground = mkdtempSync(join(tmpdir(), "polyphase-logs-"));
  directory = join(ground, "experiments", "exp");
  output = join(directory, "trials", "AbcDe");
  stdout = join(output, "stdout");
  mkdirSync(join(ground, "logdir"));
  mkdirSync(join(ground, "experiments"));
  symlinkSync(join(ground, "logdir"), directory);
  mkdirSync(output, { recursive: true });
  writeFileSync(join(ground, "private"), "a private key\n");
});
afterEach(() => rmSync(ground, { recursive: true, force: true }));

const read = async (job = "AbcDe"): Promise<string | undefined> => {
  const pieces = readTrialLog(directory, jobs, job, "stdout");
  return pieces && text(pieces as Readable);
};
const append = (...lines: string[]): void => appendTrialLog(directory, jobs, "AbcDe", lines);
const unavailable = (why: RegExp): object =>
  expect.objectContaining({
    code: "log-unavailable",
    message: expect.stringMatching(why) as string,
    hint: expect.any(String) as string,
  }) as object;

function errorOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

describe("a job's log", () => {
  test("is what it has printed, and what it has sent, for its owner only", async () => {
    expect(await read()).toBeUndefined();
    append("one", "two");
    writeFileSync(stdout, "three\n", { flag: "a" });
    expect(await read()).toBe("one\ntwo\nthree\n");
    expect(statSync(stdout).mode & 0o777).toBe(0o600);
    expect(await read("other")).toBeUndefined();
  });

  test("of a job without a directory there is none", async () => {
    rmSync(output, { recursive: true });
    expect(await read()).toBeUndefined();
    expect(errorOf(() => append("x"))).toMatchObject({ code: "log-unavailable" });
  });

  /** What is put in the place of `stdout` or of the directory above it. */
  const obstacles: readonly [what: string, put: () => void, why: RegExp][] = [
    ["a link to a private file", () => symlinkSync(join(ground, "private"), stdout), /it is a link/],
    ["a relative link to a private file", () => symlinkSync("../../../private", stdout), /it is a link/],
    ["a link to the job's own file", () => symlinkSync("stderr", stdout), /it is a link/],
    ["a link to nothing", () => symlinkSync(join(ground, "made-by-the-manager"), stdout), /it is a link/],
    ["a link to a device", () => symlinkSync("/dev/zero", stdout), /it is a link/],
    ["a pipe that nobody writes to", () => execFileSync("mkfifo", [stdout]), /not a plain file|ENXIO/],
    ["a directory", () => mkdirSync(stdout), /not a plain file|EISDIR/],
    [
      "a link in the place of its directory",
      () => {
        mkdirSync(join(ground, "elsewhere"));
        writeFileSync(join(ground, "elsewhere", "stdout"), "a private key\n");
        rmSync(output, { recursive: true });
        symlinkSync(join(ground, "elsewhere"), output);
      },
      /a link leads elsewhere/,
    ],
    [
      "a link in the place of all jobs' directory",
      () => {
        renameSync(join(directory, "trials"), join(ground, "moved"));
        writeFileSync(join(ground, "moved", "AbcDe", "stdout"), "a private key\n");
        symlinkSync(join(ground, "moved"), join(directory, "trials"));
      },
      /a link leads elsewhere/,
    ],
    [
      "a link to another job's directory",
      () => {
        mkdirSync(join(directory, "trials", "Other"));
        writeFileSync(join(directory, "trials", "Other", "stdout"), "other\n");
        rmSync(output, { recursive: true });
        symlinkSync("Other", output);
      },
      /a link leads elsewhere/,
    ],
  ];

  test.each(obstacles)("%s is neither read nor written to", async (_what, put, why) => {
    put();
    const before = readFileSync(join(ground, "private"), "utf8");
    expect(errorOf(() => readTrialLog(directory, jobs, "AbcDe", "stdout"))).toEqual(unavailable(why));
    expect(errorOf(() => append("written by the manager"))).toEqual(unavailable(why));
    expect(readFileSync(join(ground, "private"), "utf8")).toBe(before);
    expect(existsSync(join(ground, "made-by-the-manager"))).toBe(false);
  });

  test("the manager's own log is held to the same", async () => {
    expect(readManagerLog(directory)).toBeUndefined();
    symlinkSync(join(ground, "private"), join(directory, "manager.log"));
    expect(errorOf(() => readManagerLog(directory))).toEqual(unavailable(/it is a link/));
  });

  test("what refuses it over HTTP says so", async () => {
    symlinkSync("/etc/passwd", stdout);
    const readLog = (_id: string, stream: "stdout" | "stderr"): AsyncIterable<string> | undefined =>
      readTrialLog(directory, jobs, "AbcDe", stream);
    const { admin, job, faults } = await testServer({}, { readLog });
    const { status, json } = await admin(`/trial-jobs/${job}/log`);
    expect([status, json.error.code, faults]).toEqual([404, "log-unavailable", []]);
    expect(json.error.message).not.toContain(ground);
  });
});

describe("a job's name in the URL", () => {
  test.each([
    "..",
    "../..",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e",
    "..%5c..%5cwindows",
    "%252e%252e%252fetc",
    "%00",
    "AbcDe%00.txt",
    "%c0%ae%c0%ae%c0%af",
    "%ff",
    "%",
    "%e2%80%ae",
    "__proto__",
    "constructor",
    ".job",
    "*",
    "AbcDe%2fcode",
    "x".repeat(5_000),
  ])("%j names no job", async (name) => {
    const asked: string[] = [];
    const { app, faults } = await testServer({}, { readLog: (id) => void asked.push(id) });
    const headers = { authorization: `Bearer ${adminToken}` };
    const { status } = await answerOf(app.request(`/api/v1/trial-jobs/${name}/log`, { headers }));
    expect([status, asked, faults]).toEqual([404, [], []]);
  });
});
