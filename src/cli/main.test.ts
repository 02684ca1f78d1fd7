import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { experimentDirectory, writeManagerFile } from "../manager/home.ts";
import { catalogue } from "./catalogue.ts";
import { main } from "./main.ts";
import type { FakeIo } from "../../tests/support/fake-io.ts";
import { fakeIo } from "../../tests/support/fake-io.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "polyphase-cli-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function polyphase(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  io: FakeIo = fakeIo(),
): Promise<Outcome> {
  const exitCode = await main(argv, { POLYPHASE_HOME: home, ...env }, io);
  return { exitCode, ...io.written };
}

/** An experiment whose manager is this process (alive), or one that has died. */
function experiment(id: string, { alive, createdAt = 0 }: { alive: boolean; createdAt?: number }): void {
  const directory = experimentDirectory(home, id);
  mkdirSync(directory, { recursive: true });
  const note = {
    id,
    name: `name of ${id}`,
    status: "RUNNING",
    statusReason: null,
    url: "http://127.0.0.1:9",
    publicUrl: "http://127.0.0.1:9",
  } as const;
  writeManagerFile(directory, { ...note, createdAt, endedAt: null, platform: "local" });
  writeFileSync(join(directory, "token"), "secret\n");
  if (!alive) {
    const dead = {
      ...note,
      createdAt,
      endedAt: null,
      platform: "local",
      pid: 4_000_000,
      processStart: "before",
    };
    writeFileSync(join(directory, "manager.json"), JSON.stringify(dead));
  }
}

describe("help", () => {
  test.each([[[]], [["--help"]], [["-h"]], [["help"]]])("%j lists the commands on stdout", async (argv) => {
    const { exitCode, stdout, stderr } = await polyphase(argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    for (const { path, heading } of catalogue.filter((entry) => entry.heading !== undefined)) {
      expect(stdout).toContain(`${heading}:`);
      expect(stdout).toMatch(new RegExp(`^  ${path[0]} `, "m"));
    }
    expect(stdout).not.toMatch(/^ {2}manager /m);
  });

  test.each(catalogue.map((entry) => entry.path.join(" ")))(
    "%s has help of its own, with --json",
    async (path) => {
      const { exitCode, stdout } = await polyphase([...path.split(" "), "--help"]);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`Usage: polyphase ${path} [options]`);
      expect(stdout).toContain("--json");
    },
  );

  test("help COMMAND is COMMAND --help", async () => {
    expect(await polyphase(["help", "trial", "log"])).toEqual(await polyphase(["trial", "log", "--help"]));
  });

  test("a group lists its commands", async () => {
    const { exitCode, stdout } = await polyphase(["trial", "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/list .*\n.*log .*\n.*kill/);
  });

  test("--version prints the version and nothing else", async () => {
    const { exitCode, stdout } = await polyphase(["--version"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("wrong usage ends with exit code 2, a message on stderr and nothing on stdout", () => {
  test.each([
    [["rnu"], "unknown command 'rnu'\n(Did you mean run?)"],
    [["trial", "lst"], "unknown command 'lst'\n(Did you mean list?)"],
    [["run", "-c", "x", "--sede", "1"], "unknown option '--sede'\n(Did you mean --seed?)"],
    [["run"], "required option '-c, --config <file>' not specified"],
    [["run", "-c", "x", "--port", "70000"], "Expected a whole number from 0 to 65535."],
    [["run", "-c", "x", "--seed", "-1"], "Expected a whole number of at least 0."],
    [["status", "a", "b"], "too many arguments"],
    [["trial", "kill"], "missing required argument 'TRIALJOBID'"],
    [["trial", "kill", "a", "b", "c"], "expected [ID] TRIALJOBID, got 3 arguments: a b c"],
    [["phase", "list", "--outcome", "good"], "Allowed choices are succeeded, stopped"],
    [["stop", "--timeout", "soon"], "Expected a number of seconds."],
    [["stop", "a", "--all"], '--all stops every experiment: leave out "a"'],
    [["export", "a", "-f", "out.txt"], 'expected a file that ends in .json or .csv, got "out.txt"'],
    [["init", "--language", "cobol"], "Allowed choices are python, typescript"],
    [["trial"], "Usage: polyphase trial"],
    [["update", "a"], "nothing to change"],
    [["update", "a", "--max-phase-num", "0"], "Expected a whole number from 1 to 2147483647."],
    [["update", "a", "--concurrency", "none"], "Expected a whole number from 1 to 99999."],
    [
      ["update", "a", "--max-exec-duration", "soon"],
      "expected none or a duration such as 30m, 2h, 1d, got soon",
    ],
    [["trial", "add"], "expected either --parameters or --file"],
    [["trial", "add", "--parameters", "{}", "--file", "x"], "expected either --parameters or --file"],
    [["import"], "missing required argument 'FILE'"],
  ])("%j", async (argv, message) => {
    const { exitCode, stdout, stderr } = await polyphase(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

describe("failures", () => {
  test("end with exit code 1, the message and the hint on stderr", async () => {
    expect(await polyphase(["status", "zzz"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `error: there is no experiment "zzz" among the 0 experiments in ${home}\nhint: polyphase list shows all experiments\n`,
    });
  });

  test("show a stack only with POLYPHASE_DEBUG=1", async () => {
    const { stderr } = await polyphase(["status", "zzz"], { POLYPHASE_DEBUG: "1" });
    expect(stderr).toMatch(/\n {4}at .*experiments/);
  });

  test("are coloured where stderr takes colours", async () => {
    const { stderr } = await polyphase(["status", "zzz"], { FORCE_COLOR: "1" });
    expect(stderr).toContain("\x1b[31merror:\x1b[39m");
    expect(
      (await polyphase(["status", "zzz"], { NO_COLOR: "1" }, fakeIo({ isTTY: true }))).stderr,
    ).not.toContain("\x1b");
  });
});

describe("list", () => {
  test("says what to do where there is nothing yet", async () => {
    expect((await polyphase(["list"])).stdout).toContain("polyphase init");
    expect(await polyphase(["list", "--json"])).toEqual({ exitCode: 0, stdout: "[]\n", stderr: "" });
  });

  test("shows the newest first; a manager that died reads STOPPED", async () => {
    experiment("older", { alive: true, createdAt: Date.UTC(2026, 0, 2, 3, 4, 3) });
    experiment("newer", { alive: false, createdAt: Date.UTC(2026, 0, 2, 3, 4, 4) });
    const { stdout } = await polyphase(["list"]);
    expect(stdout.split("\n").map((line) => line.split(/\s{2,}/).toSpliced(2, 1))).toEqual([
      ["Experiment", "Status", "Age", "Platform", "Name", "Note"],
      ["newer", "STOPPED", "1.0 s", "local", "name of newer", "killed; trial jobs may wait"],
      ["older", "RUNNING", "2.0 s", "local", "name of older"],
      [""],
    ]);
    const json = JSON.parse((await polyphase(["list", "--json"])).stdout) as object[];
    expect(json).toMatchObject([
      { id: "newer", status: "STOPPED", pid: null, alive: false, killed: true },
      {
        id: "older",
        status: "RUNNING",
        pid: process.pid,
        alive: true,
        directory: experimentDirectory(home, "older"),
      },
    ]);
  });
});

describe("the experiment's id", () => {
  test("may be left out where one is running, and stderr says which", async () => {
    experiment("runs", { alive: true });
    experiment("dead", { alive: false });
    const { stderr } = await polyphase(["best"]);
    expect(stderr).toMatch(/^experiment runs \(name of runs\), the one that is running\n/);
    expect(stderr).toContain("no manager answers at http://127.0.0.1:9/");
  });

  test("is needed where none or several are running", async () => {
    expect((await polyphase(["best"])).stderr).toContain("no experiment is running, so its id is needed");
    experiment("first", { alive: true });
    experiment("second", { alive: true });
    const { exitCode, stderr } = await polyphase(["best"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("2 experiments are running, so an id is needed");
    expect(stderr).toContain("first (name of first)");
  });

  test("may be a beginning that fits one; more than one is told apart by name", async () => {
    experiment("abcd", { alive: false });
    experiment("abxy", { alive: false });
    experiment("ab", { alive: false });
    expect((await polyphase(["trial", "kill", "abc", "job"])).stderr).toContain(
      "experiment abcd is not running",
    );
    expect((await polyphase(["trial", "kill", "ab", "job"])).stderr).toContain(
      "experiment ab is not running",
    );
    expect((await polyphase(["best", "a"])).stderr).toMatch(/"a" may mean: .*abcd \(name of abcd\)/);
  });
});

describe("delete", () => {
  const asking = (answer: string): FakeIo & { readonly questions: string[] } => {
    const questions: string[] = [];
    return { ...fakeIo(), questions, ask: async (question) => (questions.push(question), answer) };
  };

  test.each(["y", "Yes", " yes "])("asks a person at a terminal; %j is a yes", async (answer) => {
    experiment("dead", { alive: false });
    const io = asking(answer);
    const { exitCode } = await polyphase(["delete", "dead"], {}, io);
    expect({ exitCode, questions: io.questions }).toEqual({
      exitCode: 0,
      questions: ["delete 1 experiment with all results, for good? [y/N] "],
    });
    expect((await polyphase(["list", "--json"])).stdout).toBe("[]\n");
  });

  test.each(["", "n", "yesterday"])("%j is none: nothing is deleted, exit code 1", async (answer) => {
    experiment("dead", { alive: false });
    const io = asking(answer);
    const exitCode = await main(["delete", "dead"], { POLYPHASE_HOME: home }, io);
    expect({ exitCode, stdout: io.written.stdout }).toEqual({ exitCode: 1, stdout: "nothing was deleted\n" });
    expect(io.written.stderr).toBe("dead  STOPPED  name of dead\n");
    expect((await polyphase(["list", "--json"])).stdout).toContain('"dead"');
  });

  test.each([
    [["delete"], "expected the id of an experiment, or --all-ended"],
    [["delete", "dead"], "nobody can be asked whether 1 experiment may go"],
    [["delete", "dead", "--all-ended"], '--all-ended chooses the experiments: leave out "dead"'],
  ])("%j is wrong usage", async (argv, message) => {
    experiment("dead", { alive: false });
    const { exitCode, stderr } = await polyphase(argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe("stop", () => {
  test("of an experiment of which nothing runs says so and is no failure", async () => {
    experiment("dead", { alive: false });
    expect(await polyphase(["stop", "dead"])).toEqual({
      exitCode: 0,
      stdout: "experiment dead (name of dead) is STOPPED\n",
      stderr: "",
    });
    expect(JSON.parse((await polyphase(["stop", "dead", "--json"])).stdout)).toEqual({
      id: "dead",
      status: "STOPPED",
      running: false,
    });
  });

  test("--all with nothing running is no failure", async () => {
    expect((await polyphase(["stop", "--all"])).stdout).toBe("no experiment is running\n");
    expect((await polyphase(["stop", "--all", "--json"])).stdout).toBe("[]\n");
  });

  test("gives up after the timeout, by the clock, and says who is left", async () => {
    experiment("runs", { alive: true }); // its port answers nobody
    const { exitCode, stderr, stdout } = await polyphase(["stop", "runs", "--timeout", "30"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("is RUNNING, its manager still runs");
    expect(stderr).toContain("still running after 30 s: runs");
  });
});

test("resume of a running experiment is refused", async () => {
  experiment("runs", { alive: true });
  const { exitCode, stderr } = await polyphase(["resume", "runs"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`experiment runs is running already (pid ${process.pid})`);
});

describe("changes", () => {
  test.each([
    [["pause", "dead"]],
    [["unpause", "dead"]],
    [["update", "dead", "--concurrency", "2"]],
    [["trial", "add", "dead", "--parameters", "{}"]],
    [["import", "dead", "x.json"]],
  ])("%j of an experiment that is not running say to resume it first", async (argv) => {
    experiment("dead", { alive: false });
    const { exitCode, stdout, stderr } = await polyphase(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("experiment dead is not running: it is STOPPED");
    expect(stderr).toContain("hint: resume it first: polyphase resume dead goes on with it");
  });

  test("what cannot be read is said before anybody is asked", async () => {
    experiment("dead", { alive: false });
    const { stderr } = await polyphase(["trial", "add", "dead", "--parameters", "{lr: 1}"]);
    expect(stderr).toMatch(/^error: --parameters: expected JSON: /);
    const missing = await polyphase(["trial", "add", "dead", "--file", join(home, "none.json")]);
    expect(missing.stderr).toMatch(/^error: cannot read .*none\.json: ENOENT/);
    const space = await polyphase(["update", "dead", "--search-space", join(home, "none.json")]);
    expect(space.stderr).toMatch(
      /the search space is not valid \(1 fault\):\n {2}expected a file, got nothing at/,
    );
  });
});

test("manager by hand, without the config that create sends, is refused", async () => {
  const { exitCode, stderr } = await polyphase(["manager", "--directory", experimentDirectory(home, "abc")]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("use polyphase create -c FILE");
});
