import { describe, expect, test } from "vitest";
import { fakeIo } from "../../tests/support/fake-io.ts";
import { supervise } from "./supervise.ts";
import type { Watched } from "./supervise.ts";

type Found = ReturnType<Watched["look"]>;

/** A manager that lives for so many milliseconds after each start, and then dies; the last time it ends the experiment. */
async function watch(lives: readonly number[]): Promise<{ gaveUp: string | null; resumedAt: number[] }> {
  const io = fakeIo();
  const begin = io.now();
  const resumedAt: number[] = [];
  let until = begin;
  let life = 0;
  const look = (): Found => {
    if (io.now() < until) return "running";
    return life === lives.length ? "over" : "died";
  };
  const start = async (): Promise<void> => {
    until = io.now() + (lives[life++] as number);
  };
  await start();
  const resume = async (): Promise<void> => {
    resumedAt.push(io.now() - begin);
    await start();
  };
  return { gaveUp: await supervise({ look, resume }, io), resumedAt };
}

describe("a supervisor", () => {
  test("leaves an experiment alone that ends by itself", async () => {
    expect(await watch([5_000])).toEqual({ gaveUp: null, resumedAt: [] });
  });

  test("resumes it as often as its manager dies, later each time", async () => {
    const { gaveUp, resumedAt } = await watch([0, 0, 0, 0, 5_000]);
    expect(gaveUp).toBeNull();
    expect(resumedAt).toEqual([250, 750, 1_750, 3_750]);
  });

  test("gives up after five deaths within a minute, and says why", async () => {
    const { gaveUp, resumedAt } = await watch([10_000, 10_000, 10_000, 10_000, 10_000, 1]);
    expect(gaveUp).toBe("its manager died 5 times within a minute");
    expect(resumedAt).toHaveLength(4);
  });

  test("forgets deaths that are longer ago", async () => {
    const { gaveUp, resumedAt } = await watch(Array.from({ length: 20 }, () => 15_000));
    expect(gaveUp).toBeNull();
    expect(resumedAt).toHaveLength(19);
  });

  test("counts a manager that would not even start, and says what it said", async () => {
    const resume = (): Promise<void> => Promise.reject(new Error("no disk"));
    expect(await supervise({ look: () => "died", resume }, fakeIo())).toBe(
      "its manager died 5 times within a minute: no disk",
    );
  });

  test("lets somebody else resume or stop it while it waits", async () => {
    const looks: Found[] = ["died", "running", "died", "over", "over"];
    const resume = (): Promise<void> => Promise.reject(new Error("not asked for"));
    expect(await supervise({ look: () => looks.shift() as Found, resume }, fakeIo())).toBeNull();
    expect(looks).toEqual([]);
  });
});
