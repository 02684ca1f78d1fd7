import { expect, test } from "vitest";
import { fakeIo } from "../../tests/support/fake-io.ts";
import { PolyphaseError } from "../model/index.ts";
import { follow } from "./follow.ts";

async function* pieces(...texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

test("what is added is written once, and the last of it too", async () => {
  const io = fakeIo();
  const readings = [["one\ntw"], ["one\n", "two\n"], ["one\ntwo\n"], ["one\n", "two\nthree"]];
  let reading = -1;
  await follow(io, {
    goesOn: async () => ++reading < readings.length - 1,
    read: () => pieces(...(readings[reading] ?? [])),
  });
  expect(io.written.stdout).toBe("one\ntwo\nthree");
});

test("lines are changed whole, also those that arrive in two readings", async () => {
  const io = fakeIo();
  const readings = ["one\ntw", "one\ntwo\nlast"];
  let reading = -1;
  await follow(
    io,
    { goesOn: async () => ++reading < 1, read: () => pieces(readings[reading] ?? "") },
    (lines) => lines.replaceAll(/[^\n]+/g, "<$&>"),
  );
  expect(io.written.stdout).toBe("<one>\n<two>\n<last>");
});

test("a log that is not there yet is waited for; one that never came is an error", async () => {
  const io = fakeIo();
  let looks = 0;
  const growing = (appearsAt: number): Parameters<typeof follow>[1] => ({
    goesOn: async () => ++looks < 3,
    async *read() {
      if (looks < appearsAt) throw new PolyphaseError("log-unavailable", "there is no stdout");
      yield "here";
    },
  });
  await follow(io, growing(2));
  expect(io.written.stdout).toBe("here");
  looks = 0;
  await expect(follow(io, growing(9))).rejects.toMatchObject({ code: "log-unavailable" });
});

test("Ctrl-C ends it quietly", async () => {
  const io = fakeIo();
  await follow(io, {
    goesOn: async () => true,
    async *read() {
      yield "first";
      io.interrupt();
      yield "never";
    },
  });
  expect(io.written.stdout).toBe("first");
});
