import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeIo } from "../../../tests/support/fake-io.ts";
import { main } from "../main.ts";
import { typescriptExample } from "../templates/typescript.ts";

const packageRoot = fileURLToPath(new URL("../../../", import.meta.url));
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "polyphase-init-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function init(
  ...argv: readonly string[]
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const io = fakeIo();
  const exitCode = await main(["init", ...argv], {}, io);
  return { exitCode, ...io.written };
}

test("the Python example is there and its trial runs on its own", async () => {
  const place = join(directory, "deep", "example");
  const { exitCode, stdout } = await init(place);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`next: cd ${place} && polyphase run -c config.yml`);
  expect(readdirSync(place).sort()).toEqual(["config.yml", "search_space.json", "trial.py"]);
  const output = execFileSync("python3", ["trial.py"], {
    cwd: place,
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: join(packageRoot, "python") },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [, result] = /Final result: (0\.\d+)/.exec(output) ?? [];
  expect(Number(result)).toBeGreaterThan(0.8);
});

test("the TypeScript example finds the package", async () => {
  const { exitCode, stdout } = await init(directory, "--language", "typescript", "--json");
  expect(exitCode).toBe(0);
  const { files } = JSON.parse(stdout) as { files: string[] };
  expect(files.map((file) => file.replace(/\.[jt]s$/, ""))).toEqual([
    "config.yml",
    "search_space.json",
    "package.json",
    "trial",
  ]);
  expect(realpathSync(join(directory, "node_modules", "polyphase"))).toBe(realpathSync(packageRoot));
});

test("with types and without, the TypeScript example is one program", () => {
  const source = (typed: boolean): string => {
    const { files } = typescriptExample(typed, "1.0.0");
    return files[typed ? "trial.ts" : "trial.js"] ?? "";
  };
  for (const text of [source(true), source(false)])
    expect(text).toContain("await phase.report(network.accuracy(test));");
  expect(source(true)).toContain("phases<Partial<Parameters>>()");
  expect(source(false)).not.toMatch(/: number|interface|<Partial|!;/);
});

test("nothing is overwritten, and nothing written beside what is in the way", async () => {
  writeFileSync(join(directory, "trial.py"), "mine");
  const { exitCode, stdout, stderr } = await init(directory);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain(`${directory} has trial.py already; nothing was written`);
  expect(readdirSync(directory)).toEqual(["trial.py"]);
  expect(readFileSync(join(directory, "trial.py"), "utf8")).toBe("mine");
});
