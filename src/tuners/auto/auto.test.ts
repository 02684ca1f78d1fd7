import { describe, expect, test } from "vitest";
import type { JsonObject, ObservedPoint, Proposal, SearchSpace, Tuner } from "../../model/index.ts";
import { flatten } from "../../space/index.ts";
import { createBuiltinTuner } from "../registry.ts";
import { choose, factsOf } from "./choose.ts";
import { createCommittee } from "./committee.ts";

const numbers: SearchSpace = {
  x: { _type: "uniform", _value: [-5, 10] },
  y: { _type: "uniform", _value: [0, 15] },
};
const mixed: SearchSpace = { ...numbers, kind: { _type: "choice", _value: ["a", "b"] } };
const grid: SearchSpace = { n: { _type: "randint", _value: [0, 9] } };
const wide: SearchSpace = Object.fromEntries(
  Array.from({ length: 61 }, (_, i) => [`x${i}`, { _type: "uniform", _value: [0, 1] } as const]),
);

describe("the choice", () => {
  const members = (space: SearchSpace, results: number, running = 0): string => {
    const facts = { space: factsOf(flatten(space)), results, running };
    return [0, 1, 2, 3].map((parameterId) => choose({ ...facts, parameterId }).member).join(" ");
  };

  test("goes by results, parameters and running phases", () => {
    expect(members(mixed, 29)).toBe("GPTuner GPTuner GPTuner GPTuner");
    expect(members(mixed, 30)).toBe("GPTuner SMAC GPTuner TPE");
    expect(members(mixed, 499, 50)).toBe("GPTuner SMAC GPTuner TPE");
    expect(members(numbers, 500)).toBe("TPE CmaEs TPE CmaEs");
    expect(members(mixed, 500)).toBe("TPE TPE TPE TPE");
    expect(members(grid, 500)).toBe("TPE TPE TPE TPE");
    expect(members(wide, 0)).toBe("TPE CmaEs TPE CmaEs");
    expect(members(numbers, 0, 51)).toBe("TPE TPE TPE TPE");
  });
});

describe("Auto", () => {
  const create = (log?: (line: string) => void): Tuner => {
    const tuner = createBuiltinTuner("Auto", {
      optimizeMode: "minimize",
      seed: 3,
      classArgs: {},
      ...(log && { log }),
    });
    void tuner.updateSearchSpace(numbers);
    return tuner;
  };
  const bowl = ({ x, y }: JsonObject): number => ((x as number) - 3) ** 2 + ((y as number) - 5) ** 2;
  const rows = (count: number): ObservedPoint[] =>
    Array.from({ length: count }, (_, i) => {
      const parameters = { x: ((i * 7) % 150) / 10 - 5, y: ((i * 11) % 150) / 10 };
      return { parameters, value: bowl(parameters) };
    });
  const ask = (tuner: Tuner, parameterId: number): JsonObject => {
    const request = { trialJobId: "a", parameterIndex: parameterId };
    const proposal = tuner.generateParameters(parameterId, request) as Proposal;
    return (proposal as { parameters: JsonObject }).parameters;
  };
  const tell = (tuner: Tuner, parameterId: number, parameters: JsonObject): void => {
    const [trialJobId, outcome] = ["a", "succeeded" as const];
    void tuner.receiveTrialResult({ parameterId, parameters, trialJobId, outcome, value: bowl(parameters) });
    void tuner.trialEnd?.({ parameterId, trialJobId, outcome });
  };

  test("tells people what it chose and why, once", () => {
    const lines: string[] = [];
    const tuner = create((line) => lines.push(line));
    for (let id = 0; id < 3; id++) tell(tuner, id, ask(tuner, id));
    void tuner.importData?.(rows(40));
    for (let id = 3; id < 7; id++) ask(tuner, id);
    expect(lines).toEqual([
      "GPTuner for the first 30 results",
      "GPTuner, SMAC, TPE in turn after 30 results",
    ]);
  });

  test.each([20, 497])("goes on after a restart as without one, from %i results on", (imported) => {
    const lived = create();
    const told = create();
    for (const tuner of [lived, told]) void tuner.importData?.(rows(imported));
    for (let id = 0; id < 14; id++) {
      const parameters = ask(lived, id);
      void told.recallParameters?.({ parameterId: id, trialJobId: "a", parameterIndex: id, parameters });
      if (id % 4 === 3) continue;
      for (const tuner of [lived, told]) tell(tuner, id, parameters);
    }
    for (let id = 14; id < 18; id++) expect(ask(told, id)).toEqual(ask(lived, id));
  });

  test("comes close where results are many and one member learns from what the others found", () => {
    const tuner = create();
    void tuner.importData?.(rows(500));
    let best = Infinity;
    for (let id = 0; id < 60; id++) {
      const parameters = ask(tuner, id);
      best = Math.min(best, bowl(parameters));
      tell(tuner, id, parameters);
    }
    expect(best).toBeLessThan(0.01);
  });
});

describe("a committee", () => {
  function witness(name: string, calls: string[], recalls: boolean): Tuner {
    return {
      updateSearchSpace: (space) => void calls.push(`${name} space ${Object.keys(space)}`),
      generateParameters(id) {
        calls.push(`${name} proposes ${id}`);
        return { kind: "parameters", parameters: { of: name } };
      },
      receiveTrialResult: ({ parameterId }) => void calls.push(`${name} result ${parameterId}`),
      trialEnd: ({ parameterId }) => void calls.push(`${name} end ${parameterId}`),
      importData: (points) => void calls.push(`${name} import ${points.map(({ value }) => String(value))}`),
      ...(recalls && {
        recallParameters: ({ parameterId }: { parameterId: number }) =>
          void calls.push(`${name} recalls ${parameterId}`),
      }),
    };
  }
  const requestOf = (parameterId: number) => ({ parameterId, trialJobId: "a", parameterIndex: 0 });
  const ended = { ...requestOf(0), parameters: {}, value: 5, outcome: "succeeded" as const };

  test("lets everybody hear what one proposes; who comes late begins with the results", () => {
    const calls: string[] = [];
    const made = createCommittee<string>((name) => witness(name, calls, name !== "late"), ["one", "other"]);
    made.updateSearchSpace({ x: { _type: "uniform", _value: [0, 1] } });
    made.importData([{ parameters: {}, value: 4 }]);
    made.propose("one", requestOf(0));
    made.receiveTrialResult(ended);
    made.receiveTrialResult({ ...ended, parameterId: 9, value: null, outcome: "failed" });
    made.trialEnd(ended);
    calls.length = 0;
    made.propose("late", requestOf(1));
    made.propose("one", requestOf(2));
    expect(calls).toEqual([
      "late space x",
      "late import 4,5",
      "late proposes 1",
      "one recalls 1",
      "other recalls 1",
      "one proposes 2",
      "other recalls 2",
    ]);
  });

  test("after a restart lets those propose again that cannot be told of their proposals", () => {
    const calls: string[] = [];
    const made = createCommittee<string>((name) => witness(name, calls, name !== "late"), ["one"]);
    made.recall("one", { ...requestOf(0), parameters: {} });
    made.recall("late", { ...requestOf(1), parameters: {} });
    expect(calls).toEqual([
      "one recalls 0",
      "late space ",
      "late import ",
      "late proposes 1",
      "one recalls 1",
    ]);
  });
});
