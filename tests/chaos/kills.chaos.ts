/**
 * Managers and trials that are killed and suspended at random instants, as real processes. At the end of each experiment
 * its journal and the trials' own logs agree exactly.
 */
import { afterEach, expect, test } from "vitest";
import { run } from "../support/program.ts";
import { expectAgreement, expectNothingLost } from "./agreement.ts";
import { Arena, jobs, kills, send } from "./arena.ts";

let arena: Arena | undefined;
afterEach(async () => {
  await arena?.dispose();
  arena = undefined;
});

async function newArena(name: string, settings?: object): Promise<Arena> {
  const made = (arena = new Arena(name));
  await made.create(settings);
  await made.progress();
  return made;
}

/** Lets the trials leave after the phase that they are in, and compares what everybody knows. */
async function finish(made: Arena): Promise<void> {
  await made.progress();
  made.say("finish");
  await made.ended();
  const evidence = made.evidence();
  expectAgreement(evidence);
  expect(evidence.state.trialJobs.size).toBe(jobs);
  console.log(`  ${evidence.state.phases.size} phases, ${evidence.logs.length} trial processes, agree`);
}

test("the manager is killed, at work and while it starts", async () => {
  const made = await newArena("managers");
  for (let round = 0; round < 36; round++) {
    await made.instant(250);
    await made.killManager();
    expectNothingLost(made.evidence());
    if (round % 3 > 0) {
      await made.resume();
    } else {
      const program = made.beginResume();
      await made.instant(700);
      await made.killManager();
      await program.outcome;
      await run(made, "resume", made.id); // refused where the one above has lived on
    }
  }
  await finish(made);
});

test("trials are killed: their phases go to the next attempts", async () => {
  const made = await newArena("trials");
  const before = kills.trials;
  while (kills.trials < before + 110) {
    await made.instant(120);
    made.killTrials(1 + Math.floor(made.random.next() * 3));
  }
  await finish(made);
});

test("manager and trials are killed together, or one while the other is away", async () => {
  const made = await newArena("both of them");
  for (let round = 0; round < 20; round++) {
    await made.instant(400);
    made.killTrials(round % 3);
    await made.killManager();
    made.killTrials((round + 1) % 3);
    expectNothingLost(made.evidence());
    await made.resume();
    made.killTrials(1);
  }
  await finish(made);
});

test("kills right up to the last phase: exactly as many as were asked for", async () => {
  const made = await newArena("to the end", { maxPhaseNum: 150 });
  made.say("hurry");
  for (let over = false; !over;) {
    await made.instant(500);
    made.killTrials(1);
    await made.killManager();
    const { exitCode, stderr } = await run(made, "resume", made.id);
    over = exitCode !== 0;
    if (over) expect(stderr).toMatch(/is DONE/);
  }
  await made.ended();
  const evidence = made.evidence();
  expectAgreement(evidence);
  expect(evidence.state.phases.size).toBe(150);
});

test("a machine that is suspended, whole or in part: what is stopped goes on, what is killed meanwhile is replaced", async () => {
  const made = await newArena("suspended");
  for (let round = 0; round < 16; round++) {
    const stopped = [
      ...(round % 3 === 1 ? [] : made.managers()),
      ...(round % 3 === 2 ? [] : made.trials()),
    ].filter(({ pid }) => send(pid, "SIGSTOP"));
    await made.instant(300);
    if (round % 4 === 3) made.killTrials(1);
    if (round === 0) {
      const second = await run(made, "resume", made.id);
      expect(second.stderr).toContain("is running already");
    }
    if (round % 8 === 6) await made.killManager();
    for (const { pid } of stopped.reverse()) send(pid, "SIGCONT");
    if (round % 8 === 6) await made.resume();
    await made.progress(1);
  }
  await finish(made);
});

test("that was at least 200 kills", () => {
  console.log(`${kills.managers} managers and ${kills.trials} trials were killed`);
  expect(kills.managers + kills.trials).toBeGreaterThanOrEqual(200);
  expect(kills.managers).toBeGreaterThanOrEqual(60);
});
