/** Search spaces that are wrong, and one that is large, from the command line to the trial. */
import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isBuilt, run } from "./support/program.ts";
import type { Project } from "./support/project.ts";
import { scratchProject } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

/** What `polyphase run` says to a search space in a file of its own; it must refuse it before anything is written. */
async function refusal(searchSpace: string, changes: object = {}): Promise<string> {
  project.write("space.json", searchSpace);
  const config = project.configure({ searchSpace: undefined, searchSpacePath: "space.json", ...changes });
  const { exitCode, stdout, stderr } = await run(project, "run", "-c", config);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(readdirSync(project.cwd).sort()).toEqual(["config.yml", "space.json", "trial.py"]);
  return stderr;
}

describe.skipIf(!isBuilt)("a search space that is wrong", () => {
  test("is refused with every fault at once, each with its place", async () => {
    const said = await refusal(`{
  "a": { "_type": "uniform", "_value": [2, 1] },
  "b": { "_type": "unifrom", "_value": [0, 1] },
  "c": { "_type": "uniform", "_value": ["0", 1] },
  "d": { "_type": "randint", "_value": [0, 2.5] },
  "e": { "_type": "loguniform", "_value": [0, 1] },
  "f": { "_type": "quniform", "_value": [0, 1] },
  "g": { "_type": "choice", "_value": [] },
  "h": { "_type": "normal", "_value": [0, -1] },
  "i": 5,
  "j": { "_value": [1] }
}`);
    for (const [place, text] of [
      ["2:40", "expected low <= high, got low 2, high 1"],
      ["3:19", 'did you mean "uniform"'],
      ["4:41", "low to be a finite number"],
      ["5:44", "upper to be an integer"],
      ["6:44", "low > 0"],
      ["7:41", "3 numbers"],
      ["8:39", "at least one option"],
      ["9:43", "sigma > 0"],
      ["10:8", "got 5"],
      ["11:8", "_type"],
    ] as const) {
      const line = said.split("\n").find((each) => each.includes(`space.json:${place.split(":")[0]}:`)) ?? "";
      expect(line).toContain(`space.json:${place}`);
      expect(said).toContain(text);
    }
  });

  test.each([
    ["empty", "{}", /space\.json.*(at least one parameter|empty)/i],
    ["a list", "[]", /space\.json:1:1/],
    ["nothing at all", "", /space\.json/],
    ["not JSON", '{ "x": { "_type": ', /space\.json:1:\d+/],
    [
      "with a name twice",
      '{\n "x": {"_type": "uniform", "_value": [0, 1]},\n "x": {"_type": "uniform", "_value": [0, 2]}\n}',
      /space\.json:3:2/,
    ],
    ["without its braces", '"x"', /space\.json:1:1/],
  ])("%s is refused with its place", async (_how, text, expected) => {
    expect(await refusal(text)).toMatch(expected);
  });

  test("that is not there is refused at the key that names it, as is a code directory", async () => {
    const said = await refusal("{}", {
      searchSpacePath: "nowhere.json",
      trial: { command: "true", codeDir: "no/such" },
    });
    expect(said).toMatch(/config\.yml:\d+:\d+.*nowhere\.json/);
    expect(said).toMatch(/config\.yml:\d+:\d+.*no\/such/);
  });
});

describe("a search space of 10,000 dimensions", () => {
  const searchSpace = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, place) => [
      `parameter-${place}`,
      place % 2 === 0
        ? { _type: "uniform", _value: [0, place + 1] }
        : { _type: "choice", _value: ["a", "b", "c"] },
    ]),
  );
  const python = `import polyphase
for parameters in polyphase.phases():
    assert len(parameters) == 10_000, len(parameters)
    inside = all(0 <= v <= i + 1 if i % 2 == 0 else v in "abc" for i, v in
                 ((i, parameters["parameter-%d" % i]) for i in range(10_000)))
    polyphase.report_final_result(parameters["parameter-0"] if inside else "outside")
`;

  test.each(["Random", "TPE"])("reaches the trial whole (%s)", async (tuner) => {
    const { state, phases } = await project.finish({
      python,
      searchSpace,
      maxPhaseNum: 14, // TPE models after ten
      tuner: { builtinTunerName: tuner, classArgs: { optimize_mode: "minimize" } },
    });
    expect(state).toMatchObject({ status: "DONE", counts: { succeeded: 14 } });
    for (const { parameters, value } of phases) {
      expect(Object.keys(parameters as object)).toHaveLength(10_000);
      expect(value).toBe((parameters as { "parameter-0": number })["parameter-0"]);
    }
  });
});
