import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { createStyle, paintStatus, takesColours } from "./style.ts";
import { cut, facts, table } from "./table.ts";
import { count, duration, flattened, number, parameters, plural, rate, time } from "./words.ts";

describe("table", () => {
  const columns = [{ title: "Id" }, { title: "Phases", align: "right" }, { title: "Why" }] as const;

  test("columns stand below their titles, numbers to the right, without trailing spaces", () => {
    expect(
      table(columns, [
        ["abc", "5", "it failed"],
        ["d", "1234567", ""],
      ]),
    ).toBe(["Id    Phases  Why", "abc        5  it failed", "d    1234567"].join("\n"));
  });

  test("colours take no room", () => {
    const style = createStyle(true);
    const painted = table(columns, [
      [style.good("abc"), "5", "x"],
      ["d", style.bad("17"), "y"],
    ]);
    expect(painted).toContain("\x1b[32mabc\x1b[39m");
    expect(stripVTControlCharacters(painted)).toBe(
      table(columns, [
        ["abc", "5", "x"],
        ["d", "17", "y"],
      ]),
    );
  });

  test("what comes from outside cannot break lines or steer the terminal", () => {
    expect(table([{ title: "T" }], [["one\r\n  two\x07\x1b]0;title\x07\x1b[2J"]])).toBe(
      "T\none two]0;title[2J",
    );
  });

  test("lines are cut to the width", () => {
    expect(table([{ title: "Parameters" }], [["lr=0.1 momentum=0.9"]], 10)).toBe("Parameters\nlr=0.1 mo…");
    expect(cut("short", 10)).toBe("short");
  });

  test("facts leave out what is null", () => {
    expect(
      facts([
        ["a", "1"],
        ["longer", "2"],
        ["none", null],
      ]),
    ).toBe("a       1\nlonger  2");
  });
});

describe("words", () => {
  test.each([
    [0, "0.00 s"],
    [412, "0.41 s"],
    [1_234, "1.2 s"],
    [9_949, "9.9 s"],
    [9_951, "10 s"],
    [59_499, "59 s"],
    [59_500, "1 min 00 s"],
    [185_000, "3 min 05 s"],
    [3_600_000, "1 h 00 min"],
    [47 * 3_600_000, "47 h 00 min"],
    [76 * 3_600_000, "3 d 4 h"],
    [-5, "0.00 s"],
  ])("%d ms is %s", (ms, text) => expect(duration(ms)).toBe(text));

  test("numbers are short but not wrong by much, and words stay", () => {
    const texts = [0.1 + 0.2, 1234567.8, 1e-9, -0.000123456789, 5, "NaN", null].map(number);
    expect(texts).toEqual(["0.3", "1234570", "1e-9", "-0.000123457", "5", "NaN", "-"]);
    expect([999, 1_000, 1_234_567].map(count)).toEqual(["999", "1,000", "1,234,567"]);
    expect([0.256, 3.14159, 148.2, 12_345].map(rate)).toEqual(["0.26", "3.1", "148", "12,345"]);
    expect([0, 1, 2_000].map((value) => plural(value, "phase"))).toEqual([
      "0 phases",
      "1 phase",
      "2,000 phases",
    ]);
  });

  test("times are local and sortable", () => {
    expect(time(new Date(2026, 0, 2, 3, 4, 5).getTime())).toBe("2026-01-02 03:04:05");
    expect(time(null)).toBe("-");
  });

  test("parameters: nested ones are flattened, long numbers shortened, others JSON", () => {
    expect(parameters({ lr: 0.123456789, layer: { _name: "conv", size: 3 }, list: [1, 2], none: {} })).toBe(
      "lr=0.123457 layer/_name=conv layer/size=3 list=[1,2] none={}",
    );
    expect(parameters([1, "a"])).toBe('[1,"a"]');
    expect(parameters(null)).toBe("null");
    expect(parameters({ text: "a\n\x1b[31mb" })).toBe("text=a \\x1b[31mb");
    expect(parameters({ arcs: Array(1_000).fill(7) })).toMatch(
      /^arcs=\[7,(7,)*7?\.\.\. and 1,801 more characters$/,
    );
    const many = Object.fromEntries(Array.from({ length: 1_100 }, (_, place) => [`p${place}`, place]));
    expect(parameters(many)).toMatch(/^p0=0 p1=1 .* p49=49 \.\.\. and 1,050 more$/);
    expect(flattened(JSON.parse('{"__proto__": {"a": 1}}') as object)).toEqual({ "__proto__/a": 1 });
  });
});

describe("colours", () => {
  const terminal = { isTTY: true, write: () => true };
  const pipe = { write: () => true };

  test.each([
    ["a terminal", terminal, {}, true],
    ["a pipe", pipe, {}, false],
    ["a dumb terminal", terminal, { TERM: "dumb" }, false],
    ["NO_COLOR", terminal, { NO_COLOR: "1" }, false],
    ["an empty NO_COLOR", terminal, { NO_COLOR: "" }, true],
    ["FORCE_COLOR in a pipe", pipe, { FORCE_COLOR: "1" }, true],
    ["FORCE_COLOR over NO_COLOR", pipe, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
    ["FORCE_COLOR=0", terminal, { FORCE_COLOR: "0" }, false],
  ])("%s", (_, output, env, expected) => expect(takesColours(output, env)).toBe(expected));

  test("mark what is good, bad and under way, and nothing where there are none", () => {
    const paint = (status: string): string => paintStatus(status, createStyle(true));
    expect([paint("DONE"), paint("failed"), paint("RUNNING"), paint("STOPPED")]).toEqual([
      "\x1b[32mDONE\x1b[39m",
      "\x1b[31mfailed\x1b[39m",
      "\x1b[36mRUNNING\x1b[39m",
      "STOPPED",
    ]);
    expect(paintStatus("DONE", createStyle(false))).toBe("DONE");
  });
});
