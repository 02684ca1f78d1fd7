import { expect, test } from "vitest";
import type { PhaseView } from "../model/http.ts";
import { phasesCsv } from "./csv.ts";

function phase(more: Partial<PhaseView>): PhaseView {
  return {
    parameterId: 0,
    trialJobId: "AbcDe",
    parameterIndex: 0,
    parameters: {},
    origin: "tuner",
    outcome: "succeeded",
    finalResult: 0.5,
    objective: 0.5,
    reason: null,
    intermediateResults: [],
    startTime: Date.UTC(2026, 0, 2),
    endTime: null,
    ...more,
  };
}

const fixed = "parameterId,trialJobId,parameterIndex,outcome,objective,startTime,endTime,reason,finalResult";
const start = "0,AbcDe,0,succeeded,0.5,2026-01-02T00:00:00.000Z,,,0.5";

function csv(...phases: readonly PhaseView[]): string {
  return [...phasesCsv(phases)].join("");
}

test("one row per phase below the titles, also where there is none", () => {
  expect(csv()).toBe(`${fixed}\r\n`);
  expect(csv(phase({ parameters: { lr: 0.1 } }))).toBe(`${fixed},lr\r\n${start},0.1\r\n`);
});

test("nested parameters are flattened; those that a phase does not have are empty", () => {
  const conv = phase({ parameters: { layer: { _name: "conv", size: 3 }, lr: 1 } });
  const pool = phase({ parameters: { layer: { _name: "pool" }, lr: 2, skip: null } });
  expect(csv(conv, pool)).toBe(
    `${fixed},layer/_name,layer/size,lr,skip\r\n${start},conv,3,1,\r\n${start},pool,,2,\r\n`,
  );
});

test("quotes, commas, line breaks and outer spaces are quoted; the rest is not", () => {
  const { parameters } = {
    parameters: { a: 'say "x"', b: "1,5", c: "two\nlines", d: " x", e: "a b", f: true, g: [1, 2] },
  };
  expect(csv(phase({ parameters }))).toBe(
    `${fixed},a,b,c,d,e,f,g\r\n${start},"say ""x""","1,5","two\nlines"," x",a b,true,"[1,2]"\r\n`,
  );
});

test("a parameter that is called like a column does not take its place", () => {
  expect(csv(phase({ parameters: { outcome: "rain", toString: 1 } }))).toBe(
    `${fixed},parameters/outcome,toString\r\n${start},rain,1\r\n`,
  );
});

test("parameters that are no object stand in one column, results that are objects as JSON", () => {
  expect(csv(phase({ parameters: [8, 4], finalResult: { default: 0.5, loss: "NaN" } }))).toBe(
    `${fixed},parameters\r\n0,AbcDe,0,succeeded,0.5,2026-01-02T00:00:00.000Z,,,"{""default"":0.5,""loss"":""NaN""}","[8,4]"\r\n`,
  );
});
