import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { workerTunerHost } from "../src/experiment/index.ts";

const thread = new URL("../dist/manager/tuner-thread.js", import.meta.url);

/** The tuner thread of a manager, with a class of the fixtures. */
function host(classFileName: string, className: string): ReturnType<typeof workerTunerHost> {
  const codeDir = fileURLToPath(new URL("./fixtures", import.meta.url));
  const tuner = { kind: "custom", codeDir, classFileName, className, classArgs: { step: 3 } };
  return workerTunerHost(thread, { tuner, optimizeMode: "minimize", seed: 1 });
}

test("a custom tuner may be written in TypeScript, on every version of Node", async () => {
  const tuner = host("stepper.ts", "Stepper");
  const requests = [0, 1].map((parameterId) => ({
    parameterId,
    trialJobId: "a",
    parameterIndex: parameterId,
  }));
  expect(await tuner.ask(requests)).toEqual([
    { kind: "parameters", parameters: { x: 13, mode: "minimize" } },
    { kind: "parameters", parameters: { x: 16, mode: "minimize" } },
  ]);
  await tuner.close();
});

test("a class that is not there is named, with those that are", async () => {
  const tuner = host("stepper.ts", "Steper");
  expect((await tuner.failed).message).toMatch(/stepper\.ts exports no class Steper; it exports Stepper/);
  await tuner.close();
});
