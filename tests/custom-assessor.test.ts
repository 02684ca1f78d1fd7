/** Assessors of the user's own, in the assessor's thread of a real manager. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Project } from "./support/project.ts";
import { scratchProject } from "./support/project.ts";

let project: Project;
beforeEach(() => void (project = scratchProject()));
afterEach(() => project.dispose());

/** Its results get better twice, and no more; says at which step it heard that it was stopped. */
const flatTrial = `import polyphase
for parameters in polyphase.phases():
    for step, loss in enumerate([9, 8, 7, 7, 7, 7, 7, 7]):
        polyphase.report_intermediate_result(loss)
        if polyphase.is_stopped():
            print("stopped at", step)
            break
    polyphase.report_final_result(loss)
`;

const minimizing = { builtinTunerName: "Random", classArgs: { optimize_mode: "minimize" } };

test("the class that the page about assessors shows stops phases, and the trial hears it with that very report", async () => {
  const page = readFileSync(new URL("../docs/assessors.md", import.meta.url), "utf8");
  project.write("patience.mjs", /```js\n(.*?)```/s.exec(page)?.[1] ?? "");
  const { phases, printed, state } = await project.finish({
    python: flatTrial,
    maxPhaseNum: 2,
    tuner: minimizing,
    assessor: { classFileName: "patience.mjs", className: "Patience", classArgs: { patience: 3 } },
  });
  expect(state.status).toBe("DONE");
  expect(phases.map(({ outcome, value }) => [outcome, value])).toEqual([
    ["stopped", 7],
    ["stopped", 7],
  ]);
  expect(printed("stdout")).toBe("stopped at 5\nstopped at 5\n");
});

test.each([
  ["export class Mine {}\n", /class Mine of mine\.mjs has no method assessPhase/],
  [
    "export class Mine { assessPhase() { throw new Error('no idea'); } }\n",
    /^the assessor failed in assessPhase: no idea \(.*mine\.mjs:1:\d+\)$/,
  ],
  [
    "export class Mine { assessPhase() { for (;;); } }\n",
    /^the assessor has not come back from assessPhase for 4 s/,
  ],
])("%j ends the experiment, with the reason", async (text, reason) => {
  project.write("mine.mjs", text);
  const { state } = await project.finish({
    python: flatTrial,
    maxPhaseNum: 2,
    tunerTimeout: "4s",
    assessor: { classFileName: "mine.mjs", className: "Mine" },
  });
  expect(state.status).toBe("ERROR");
  expect(state.statusReason).toMatch(reason);
});

test("a class that is not there is said before anything starts", async () => {
  project.write("mine.mjs", "export class Yours {}\n");
  const assessor = { classFileName: "mine.mjs", className: "Mine" };
  await expect(project.start({ assessor })).rejects.toThrow(
    /mine\.mjs exports no class Mine; it exports Yours/,
  );
  await expect(
    project.start({ assessor: { builtinAssessorName: "Medianstop", classArgs: { start: 3 } } }),
  ).rejects.toThrow(/start/);
});
