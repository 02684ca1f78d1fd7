import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { livingProcesses } from "../../tests/support/processes.ts";
import { intoLines, processChannel } from "./process-channel.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "process-channel-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function shell(script: string, log: (line: string) => void) {
  const plan = {
    command: "sh",
    args: ["-c", script],
    cwd: folder,
    env: process.env,
    logFile: join(folder, "log"),
    start: { kind: "start" },
  };
  return processChannel(plan, { log });
}

test("lines come whole, however they are cut into pieces", () => {
  const lines: string[] = [];
  const take = intoLines((line) => lines.push(line));
  for (const piece of ["a", "b\nc\n\nd", "", "e", "f\n", "g"]) take(piece);
  expect(lines).toEqual(["ab", "c", "", "def"]);
});

test("a line of many megabytes takes no longer for coming in small pieces", () => {
  let length = 0;
  const take = intoLines((line) => (length = line.length));
  for (let piece = 0; piece < 20_000; piece++) take("x".repeat(1_000));
  take("\n");
  expect(length).toBe(20_000_000);
}, 30_000);

test.each([
  ["ends in order", "read start; read close"],
  ["ends by itself", "read start; exit 3"],
])("programs that a process leaves behind end with it, when it %s", async (_how, rest) => {
  let tell: (pid: number) => void;
  const left = new Promise<number>((resolve) => (tell = resolve));
  const say = `printf '{"kind":"log","level":"info","message":"%s"}\\n' $!`;
  const channel = shell(`sleep 1000 >&2 & ${say}; ${rest}`, (line) => tell(Number(line)));
  const pid = await left;
  await channel.close();
  await expect.poll(() => livingProcesses().some((living) => living.pid === pid)).toBe(false);
});

test("what is printed before the first message is for the log, what comes later is a fault", async () => {
  const lines: string[] = [];
  const ready = `echo '{"kind":"log","level":"info","message":"begun"}'`;
  const channel = shell(`echo hello; ${ready}; echo "no \\033[31m protocol"; read close`, (line) =>
    lines.push(line),
  );
  const { message } = await channel.failed;
  expect(lines).toEqual(["printed by its process: hello", "begun"]);
  expect(message).toMatch(/^the tuner's process wrote a line that is not one of its protocol: no \\x1b\[31m/);
});

test("how a process died is said with where its last words are", async () => {
  const { message } = await shell("exit 3", () => {}).failed;
  expect(message).toBe(
    `the tuner's process ended (exit code 3); what it printed is in ${join(folder, "log")}`,
  );
});

test.each([
  ["its log cannot be opened", { logFile: "." }, /EISDIR/],
  ["its program's path leads through a file", { command: "/etc/passwd/python" }, /ENOTDIR/],
  ["its program is not there", { command: "/nowhere/python" }, /ENOENT/],
])("where %s the channel has failed, and nothing is thrown", async (_how, change, reason) => {
  const plan = {
    command: "sh",
    args: [],
    cwd: folder,
    env: process.env,
    logFile: join(folder, "log"),
    start: {},
  };
  const { logFile = plan.logFile } = change as { logFile?: string };
  const channel = processChannel({ ...plan, ...change, logFile: logFile === "." ? folder : logFile });
  expect((await channel.failed).message).toMatch(reason);
  channel.post({ kind: "ask", id: 1, requests: [] });
  await channel.close();
});

test("a process that says what has failed may come to its own end", async () => {
  const failed = `printf '{"kind":"failed","message":"broken"}\\n'`;
  const channel = shell(`read start; ${failed}; sleep 0.2; echo "on error" >&2`, () => {});
  expect((await channel.failed).message).toContain("broken");
  await channel.close();
  expect(readFileSync(join(folder, "log"), "utf8")).toBe("on error\n");
});
