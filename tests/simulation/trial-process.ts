import type { Json } from "../../src/model/index.ts";
import type { Dice } from "./dice.ts";
import type { Trouble } from "./scenario.ts";
import type { TrialClient } from "./trial-client.ts";
import type { ProcessName } from "./witness.ts";

/** What a process has and can do. When it is killed, none of its promises comes to anything any more. */
export interface TrialProcess {
  readonly who: ProcessName;
  readonly firstIndex: number;
  readonly client: TrialClient;
  readonly dice: Dice;
  readonly trouble: Trouble;
  pause(ms: number): Promise<void>;
  /** For ever. */
  hang(): Promise<never>;
  /** Says that it evaluates a phase from now on. */
  begin(parameterId: number): void;
  /** Says what cannot be. */
  fault(message: string): void;
}

/** Resolves: exit code 0; rejects: another one. */
export type ProcessBody = (process: TrialProcess) => Promise<void>;

/** Reports what its parameters say, with an intermediate result on the way. */
export const steadyProcess: ProcessBody = async ({ firstIndex, client, dice, pause, begin }) => {
  for (let index = firstIndex; ; index++) {
    const answer = await client.parameters(index);
    if (answer.kind !== "parameters") return;
    begin(answer.parameterId);
    const luck = dice("result", JSON.stringify(answer.parameters));
    await client.intermediateResult(index, 0, luck / 2);
    await pause(luck * 1_000);
    await client.finalResult(index, resultBy(luck));
  }
};

/** Does each phase by chance in one of many ways, until there is none or it goes home. */
export const whimsicalProcess: ProcessBody = async (process) => {
  for (let index = process.firstIndex; await whimsicalPhase(process, index); index++);
};

async function whimsicalPhase(process: TrialProcess, index: number): Promise<boolean> {
  const { client, pause, hang } = process;
  const { die, hang: hanging } = process.trouble;
  const chance = chanceOf(process, index);
  if (chance("die before") < die / 2) throw new Error("crashed");
  if (chance("hang before") < hanging / 2) await hang();
  const [answer] = await Promise.all(
    chance("ask twice") < 0.2
      ? [client.parameters(index), client.parameters(index)]
      : [client.parameters(index)],
  );
  if (answer.kind !== "parameters") {
    if (chance("linger") < hanging) await hang();
    if (chance("bad end") < die) throw new Error("crashed");
    return false;
  }
  process.begin(answer.parameterId);
  await reportIntermediates(process, index);
  await pause(Math.round(chance("work") * 3_000));
  if (chance("die") < die) throw new Error("crashed");
  if (chance("go home") < die / 2) return false;
  if (chance("hang") < hanging) await hang();
  if (chance("forget to report") < 0.1) return true;
  if (chance("die reporting") < die * 2) {
    void client.finalResult(index, resultBy(chance("result"))).catch(() => {});
    await pause(Math.round(chance("last breath") * 100));
    throw new Error("crashed");
  }
  await reportFinal(process, index, resultBy(chance("result")));
  if (chance("ask for an old one") < 0.1) await client.parameters(index);
  return true;
}

async function reportIntermediates(process: TrialProcess, index: number): Promise<void> {
  const chance = chanceOf(process, index);
  const count = Math.floor(chance("intermediates") * 4);
  for (let sequence = 0; sequence < count; sequence++) {
    const value = chance(`intermediate ${sequence}`) < 0.1 ? NaN : chance(`value ${sequence}`);
    await process.client.intermediateResult(index, sequence, value);
    await process.pause(Math.round(chance(`step ${sequence}`) * 500));
  }
}

/** Sometimes says it again, and then tries to say something else. */
async function reportFinal(process: TrialProcess, index: number, value: Json): Promise<void> {
  const { phase } = await process.client.finalResult(index, value);
  if (phase !== "succeeded" || chanceOf(process, index)("again") > 0.2) return;
  await process.client.finalResult(index, value);
  const code = await process.client.finalResult(index, "another value").then(
    () => "accepted",
    (error: unknown) => (error as { code: string }).code,
  );
  if (code === "accepted") process.fault(`another value for ${process.who.trialJobId}/${index} was accepted`);
  else if (code !== "result-conflict") throw Object.assign(new Error("refused"), { code });
}

function chanceOf({ dice, who }: TrialProcess, index: number): (what: string) => number {
  return (what) => dice(what, who.trialJobId, who.attempt, index);
}

function resultBy(chance: number): Json {
  if (chance < 0.1) return NaN;
  if (chance < 0.2) return { default: chance, more: [null, "text"] };
  if (chance < 0.25) return "no number";
  if (chance < 0.27) return -Infinity;
  return chance;
}
