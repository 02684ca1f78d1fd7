// Workers killed at random instants, ours and Optuna's by the same script: what is left afterwards.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { seeded } from "../../dist/model/index.js";
import { isAlive, kill, optuna, polyphase } from "../support/contestants.mjs";
import { peerPython } from "../support/peer-python.mjs";

const sizes = { workers: 4, evaluations: 120, kills: 24, seed: 1 };
/** Longest pause between two kills, and longest time for the rest of the work after the last. */
const withinMs = 1_000;
const patienceMs = 300_000;

export async function reliability(more = {}) {
  const asked = { ...sizes, ...more };
  const python = peerPython();
  if (python === undefined) throw new Error("the peer, optuna 5, could not be installed");
  const peer = (kind) => (place) => optuna(place, { kind, python });
  const found = {};
  for (const [name, begin, managers] of [
    ["Polyphase, workers killed", polyphase, 0],
    ["Polyphase, workers and manager killed", polyphase, 5],
    ["Optuna 5, RDBStorage (SQLite)", peer("rdb"), 0],
    ["Optuna 5, RDBStorage with heartbeat and retry", peer("rdb-heartbeat"), 0],
    ["Optuna 5, JournalStorage (file)", peer("journal"), 0],
  ])
    found[name] = await contest(begin, { ...asked, managers });
  return { ...asked, found };
}

/** `managers`: every so manyth kill is the manager's; 0: none. */
async function contest(begin, { managers, kills, seed, ...rest }) {
  const directory = mkdtempSync(join(tmpdir(), "polyphase-reliability-"));
  const out = join(directory, "out");
  mkdirSync(out);
  const started = performance.now();
  const contestant = await begin({ directory, out, ...rest });
  try {
    const killed = await killAtRandom(contestant, out, { random: seeded(seed), kills, managers });
    const deadline = performance.now() + patienceMs;
    while (contestant.running() && performance.now() < deadline) await pause(100);
    const hung = contestant.running();
    const seconds = (performance.now() - started) / 1000;
    contestant.close();
    while (contestant.running()) await pause(100);
    return { ...killed, seconds, hung, ...tally(logsIn(out), contestant, rest.evaluations) };
  } finally {
    contestant.close();
    for (const pid of readdirSync(out).map(Number)) if (isAlive(pid)) kill(pid);
    rmSync(directory, { recursive: true, force: true });
  }
}

async function killAtRandom(contestant, out, { random, kills, managers }) {
  const killed = { workers: 0, managers: 0 };
  while (killed.workers + killed.managers < kills && contestant.running()) {
    await pause(random.next() * withinMs);
    const turn = killed.workers + killed.managers + 1;
    if (managers > 0 && turn % managers === 0) {
      if (await contestant.killManager()) killed.managers += 1;
      continue;
    }
    const living = readdirSync(out)
      .map(Number)
      .filter((pid) => isAlive(pid) && isAtWork(join(out, String(pid))));
    const victim = living[Math.floor(random.next() * living.length)];
    if (victim !== undefined && kill(victim)) killed.workers += 1;
  }
  return { killed };
}

/** It has begun with a point: who is killed while it loads its libraries holds nothing yet. */
function isAtWork(log) {
  return statSync(log).size > 0;
}

/** The lines of all workers: [what, x]. */
function logsIn(out) {
  return readdirSync(out).flatMap((name) =>
    readFileSync(join(out, name), "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  );
}

function tally(lines, contestant, evaluations) {
  const points = (what) => lines.filter(([said]) => said === what).map(([, x]) => x);
  let trials;
  try {
    trials = contestant.trials();
  } catch (error) {
    return {
      unreadable: String(error.stderr ?? error.message)
        .trim()
        .split("\n")
        .at(-1),
    };
  }
  const done = trials.filter(([state]) => state === "COMPLETE" || state === "succeeded");
  const results = new Set(done.map(([, x, value]) => `${x} ${value}`));
  const evaluated = points("evaluated");
  const again = evaluated.filter((x, place) => evaluated.indexOf(x) < place);
  const started = points("started");
  return {
    asked: evaluations,
    recorded: done.length,
    stuckRunning: trials.filter(([state]) => /running/i.test(state)).length,
    failed: trials.filter(([state]) => /^fail/i.test(state)).length,
    acknowledgedLost: points("acknowledged").filter((x) => !results.has(`${x} ${x}`)).length,
    recordedTwice: done.length - new Set(done.map(([, x]) => x)).size,
    // Killed between the end of the evaluation and the acknowledgement, a point is evaluated again or lost.
    evaluatedAgain: again.length,
    acknowledgedEvaluatedAgain: again.filter((x) => acknowledgedBefore(lines, x)).length,
    startedNeverRecorded: new Set(started.filter((x) => !results.has(`${x} ${x}`))).size,
    errors: contestant.errors().length,
    kindsOfErrors: [...new Set(contestant.errors().map((line) => line?.slice(0, 120)))].slice(0, 5),
  };
}

/** Whether a point's second evaluation was for nothing: somebody knew of the first already. Its lines are in order by worker. */
function acknowledgedBefore(lines, point) {
  const said = lines.filter(([, x]) => x === point).map(([what]) => what);
  return said.filter((what) => what === "acknowledged").length > 1;
}
