import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeIo } from "../../tests/support/fake-io.ts";
import { experimentDirectory, processStart } from "../manager/home.ts";
import { freePort } from "./free-port.ts";
import { createSession } from "./session.ts";

let home: string;
let children: ChildProcess[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "polyphase-free-port-"));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(home, { recursive: true, force: true });
});

/** An experiment whose manager is a process that does nothing. */
function experiment(id: string, port: number, { lingers }: { readonly lingers: boolean }): ChildProcess {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1_000)"], { stdio: "ignore" });
  children.push(child);
  const pid = child.pid as number;
  const url = `http://127.0.0.1:${port}`;
  const ended = lingers ? { status: "DONE", endedAt: 1, lingers } : { status: "RUNNING", endedAt: null };
  const note = { id, name: id, statusReason: null, url, publicUrl: url, createdAt: 0, platform: "local" };
  mkdirSync(experimentDirectory(home, id), { recursive: true });
  writeFileSync(
    join(experimentDirectory(home, id), "manager.json"),
    JSON.stringify({ ...note, ...ended, pid, processStart: processStart(pid) }),
  );
  return child;
}

const isThere = ({ pid }: ChildProcess): boolean => processStart(pid as number) !== "";

function free(port: number | undefined, meanwhile = (): void => undefined): Promise<void> {
  const wait = async (ms: number): Promise<void> => {
    meanwhile();
    await pause(ms);
  };
  return freePort(createSession({ POLYPHASE_HOME: home }, { ...fakeIo(), pause: wait }), port);
}

test("ends whoever lingers at the port, and nobody else", async () => {
  const running = experiment("running", 8080, { lingers: false });
  const elsewhere = experiment("elsewhere", 8081, { lingers: true });
  const lingering = experiment("lingering", 8080, { lingers: true });
  await free(undefined);
  await free(8082);
  expect([running, elsewhere, lingering].map(isThere)).toEqual([true, true, true]);
  await free(8080);
  expect([running, elsewhere, lingering].map(isThere)).toEqual([true, true, false]);
});

test("a process that has got the pid of one that lingered is left alone", async () => {
  const other = experiment("before", 8080, { lingers: true });
  const directory = experimentDirectory(home, "before");
  const note = { id: "before", status: "DONE", endedAt: 1, lingers: true, url: "http://127.0.0.1:8080" };
  const file = JSON.stringify({ ...note, pid: other.pid, processStart: "before" });
  writeFileSync(join(directory, "manager.json"), file);
  await free(8080);
  expect(isThere(other)).toBe(true);
});

test("an experiment that is deleted meanwhile is not waited for when its manager has gone", async () => {
  const lingering = experiment("lingering", 8080, { lingers: true });
  await free(8080, () => rmSync(experimentDirectory(home, "lingering"), { recursive: true, force: true }));
  expect(isThere(lingering)).toBe(false);
});
