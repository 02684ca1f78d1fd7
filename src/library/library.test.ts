import { describe, expect, expectTypeOf, test } from "vitest";
import type { Json } from "../model/index.ts";
import { choice, loguniform, option, randint, space, uniform } from "../space/index.ts";
import { countingTuner } from "../../tests/support/world.ts";
import { createTuner } from "./create-tuner.ts";
import { runExperiment } from "./run-experiment.ts";

const bowl = space({ x: uniform(-2, 2), y: uniform(-2, 2) });

describe("runExperiment", () => {
  test("finds the bottom of a bowl, with typed parameters", async () => {
    const experiment = await runExperiment({
      space: bowl,
      tuner: "TPE",
      optimizeMode: "minimize",
      seed: 3,
      maxPhaseNum: 80,
      objective: ({ parameters: { x, y } }) => (x - 1) ** 2 + y ** 2,
    });
    expect(experiment.status).toBe("DONE");
    expect(experiment.phases).toHaveLength(80);
    expect(experiment.best?.objective).toBeLessThan(0.05);
    expect(experiment.best?.objective).toBe(
      Math.min(...experiment.phases.map((phase) => phase.objective as number)),
    );
  });

  test("of several objectives the front is given", async () => {
    const { best, pareto, phases } = await runExperiment({
      space: bowl,
      tuner: "NSGA2",
      classArgs: { objectives: { near: "minimize", far: "maximize" }, population_size: 10 },
      seed: 3,
      maxPhaseNum: 60,
      objective: ({ parameters: { x, y } }) => ({ near: Math.abs(x), far: x + y }),
    });
    expect(best).toBeUndefined();
    expect(phases).toHaveLength(60);
    expect(pareto.length).toBeGreaterThan(3);
    const near = pareto.map(({ result }) => (result as { near: number }).near);
    const far = pareto.map(({ result }) => (result as { far: number }).far);
    expect(far).toEqual(far.toSorted((one, other) => other - one));
    expect(near).toEqual(near.toSorted((one, other) => other - one));
  });

  test("the same seed gives the same phases, another one others", async () => {
    const run = async (seed: number): Promise<unknown> =>
      (
        await runExperiment({
          space: bowl,
          seed,
          maxPhaseNum: 40,
          objective: ({ parameters }) => parameters.x,
        })
      ).phases;
    expect(await run(5)).toEqual(await run(5));
    expect(await run(5)).not.toEqual(await run(6));
  });

  test("never more than `concurrency` evaluations run at once", async () => {
    let running = 0;
    let most = 0;
    const experiment = await runExperiment({
      space: bowl,
      tuner: "Random",
      concurrency: 4,
      maxPhaseNum: 40,
      objective: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return 1;
      },
    });
    expect(most).toBe(4);
    expect(experiment.phases).toHaveLength(40);
  });

  test("an objective that throws now and then fails those phases only", async () => {
    const experiment = await runExperiment({
      space: bowl,
      maxPhaseNum: 20,
      seed: 1,
      objective: ({ parameterId }) => {
        if (parameterId % 3 === 1) throw new Error("diverged");
        return parameterId;
      },
    });
    const failed = experiment.phases.filter((phase) => phase.outcome === "failed");
    expect(experiment.phases).toHaveLength(20);
    expect(failed.length).toBeGreaterThan(3);
    expect(failed[0]?.reason).toContain("diverged");
  });

  test("an objective that always throws rejects with its message", async () => {
    const run = runExperiment({ space: bowl, objective: () => Promise.reject(new Error("no data")) });
    await expect(run).rejects.toMatchObject({
      code: "experiment-failed",
      message: expect.stringContaining("no data") as string,
    });
  });

  test("a signal stops it, and what was found is returned", async () => {
    const controller = new AbortController();
    const experiment = await runExperiment({
      space: bowl,
      signal: controller.signal,
      objective: ({ parameterId }) => parameterId,
      onPhase: ({ parameterId }) => parameterId === 9 && controller.abort(),
    });
    expect(experiment.status).toBe("STOPPED");
    expect(experiment.best?.objective).toBeGreaterThanOrEqual(9);
  });

  test.each([
    [undefined, "undefined"],
    [10n, "BigInt"],
    [() => 1, "function"],
    [circular(), "circular"],
  ])("an objective that gives %s fails its evaluation, with what was expected", async (result, word) => {
    const experiment = await runExperiment({
      space: bowl,
      maxPhaseNum: 3,
      seed: 1,
      objective: ({ parameterId }) => (parameterId === 1 ? (result as unknown as Json) : parameterId),
    });
    expect(experiment.phases.map((phase) => phase.outcome)).toEqual(["succeeded", "failed", "succeeded"]);
    expect(experiment.phases[1]?.reason).toContain("a number, or an object");
    expect(experiment.phases[1]?.reason).toContain(word);
  });

  test("results and parameters are kept as they were, whatever becomes of the objective's own objects", async () => {
    const shared = { default: 0 };
    const tuner = countingTuner();
    const experiment = await runExperiment({
      space: bowl,
      tuner,
      maxPhaseNum: 3,
      objective: ({ parameters, parameterId }) => {
        (parameters as { x: unknown }).x = "overwritten";
        shared.default = parameterId;
        return shared;
      },
    });
    expect(experiment.phases.map((phase) => phase.objective)).toEqual([0, 1, 2]);
    expect(experiment.phases.map((phase) => phase.parameters.x)).toEqual([0, 1, 2]);
    expect(tuner.results.map((result) => result.parameters)).toEqual([{ x: 0 }, { x: 1 }, { x: 2 }]);
  });

  test("an onPhase that throws ends the experiment, and its error is thrown", async () => {
    let calls = 0;
    const run = runExperiment({
      space: bowl,
      maxPhaseNum: 50,
      objective: () => 0,
      onPhase: () => {
        calls += 1;
        throw new Error("no such column");
      },
    });
    await expect(run).rejects.toThrow("no such column");
    expect(calls).toBe(1);
  });

  test("an intermediate result that is no JSON is refused, and counts for nothing", async () => {
    const experiment = await runExperiment({
      space: bowl,
      maxPhaseNum: 1,
      objective: async ({ reportIntermediate }) => {
        await expect(reportIntermediate(undefined as unknown as Json)).rejects.toMatchObject({
          code: "result-not-json",
        });
        await reportIntermediate(1);
        return 2;
      },
    });
    expect(experiment.phases[0]).toMatchObject({ outcome: "succeeded", result: 2 });
  });

  test("a tuner of one's own knows the worker that asks", async () => {
    const tuner = countingTuner();
    await runExperiment({ space: bowl, tuner, maxPhaseNum: 3, objective: () => 0 });
    expect(tuner.calls.filter((call) => call.startsWith("generate"))).toEqual([
      "generate 0 job0 0",
      "generate 1 job0 1",
      "generate 2 job0 2",
    ]);
  });

  test("a finite space ends the experiment", async () => {
    const experiment = await runExperiment({
      space: space({ k: randint(0, 3), c: choice("a", "b") }),
      tuner: "GridSearch",
      objective: ({ parameters }) => parameters.k,
    });
    expect(experiment.phases.map((phase) => JSON.stringify(phase.parameters)).sort()).toHaveLength(6);
    expect(experiment.status).toBe("DONE");
  });

  test.each([
    [{ concurrency: 0 }, "trialConcurrency"],
    [{ maxPhaseNum: 1.5 }, "maxPhaseNum"],
    [{ maxPhases: 3 }, 'no option "maxPhases"'],
    [{ tuner: "TPEE" }, "TPE"],
    [{ classArgs: { n_startup: 3 } }, "n_startup"],
  ])("%j is refused by name", async (options, name) => {
    await expect(runExperiment({ space: bowl, objective: () => 0, ...options })).rejects.toThrow(name);
  });

  test("parameters have the types of their space", () => {
    const made = space({
      lr: loguniform(1e-5, 1),
      optimizer: choice("adam", "sgd"),
      layer: choice(option("conv", { kernel: randint(1, 8) }), "none"),
    });
    void ((): Promise<unknown> =>
      runExperiment({
        space: made,
        objective: ({ parameters }) => {
          expectTypeOf(parameters.lr).toEqualTypeOf<number>();
          expectTypeOf(parameters.optimizer).toEqualTypeOf<"adam" | "sgd">();
          if (parameters.layer !== "none") expectTypeOf(parameters.layer.kernel).toEqualTypeOf<number>();
          return 1;
        },
      }));
  });
});

describe("createTuner", () => {
  test("ask, evaluate, tell, several suggestions at a time", () => {
    const tuner = createTuner("TPE", bowl, { optimizeMode: "minimize", seed: 2 });
    let best = Infinity;
    for (let round = 0; round < 30; round++) {
      const suggestions = [tuner.ask(), tuner.ask()];
      for (const suggestion of suggestions) {
        if (!suggestion) throw new Error("a continuous space has no end");
        const value = suggestion.parameters.x ** 2 + suggestion.parameters.y ** 2;
        best = Math.min(best, value);
        tuner.tell(suggestion, value);
      }
    }
    expect(best).toBeLessThan(0.1);
  });

  test("an exhausted space has no next suggestion; a failed evaluation is survived", () => {
    const tuner = createTuner("GridSearch", space({ k: randint(0, 2) }));
    const first = tuner.ask();
    tuner.tellFailed(first?.parameterId ?? -1);
    for (let suggestion = tuner.ask(); suggestion; suggestion = tuner.ask()) tuner.tell(suggestion, 0);
    expect(tuner.ask()).toBeUndefined();
    expect(() => tuner.tell(77, 1)).toThrow("no open suggestion");
  });
});

function circular(): object {
  const self: { self?: object } = {};
  self.self = self;
  return self;
}
