// A long experiment whose manager is gone: how long until the next one answers, with all of it in hand.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fold, sqliteJournal } from "../../dist/journal/index.js";
import { seeded } from "../../dist/model/index.js";
import { median } from "../support/numbers.mjs";
import { floats, monotonic } from "../support/run-experiment.mjs";

const program = fileURLToPath(new URL("../../dist/cli/bin.js", import.meta.url));
const jobs = 8;
const dimensions = 10;
const batch = 1_000;

export async function resume({ phases = 100_000, tuner = "Random", rounds = 3 } = {}) {
  const directory = mkdtempSync(join(tmpdir(), "polyphase-resume-"));
  const env = { ...process.env, POLYPHASE_HOME: join(directory, "home") };
  const command = (...args) => {
    const output = execFileSync(process.execPath, [program, ...args, "--json"], { env, encoding: "utf8" });
    return JSON.parse(output);
  };
  try {
    const { id } = begin(command, directory, { phases, tuner });
    const path = join(directory, "home", "experiments", id, "journal.sqlite");
    live(path, phases);
    const seconds = [];
    for (let round = 0; round < rounds; round++) seconds.push(timeToHealth(command, id));
    return { seconds: median(seconds), phases, tuner, rounds: seconds, reading: reading(path) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** An experiment that has been stopped before it did anything. */
function begin(command, directory, { phases, tuner }) {
  const config = {
    multiPhase: true,
    trialConcurrency: 1,
    maxPhaseNum: phases + 1_000,
    gracePeriod: "1s",
    searchSpace: floats(dimensions),
    tuner: { builtinTunerName: tuner },
    trial: { command: "exec sleep 600", codeDir: "." },
  };
  writeFileSync(join(directory, "config.json"), JSON.stringify(config));
  const { id } = command("create", "-c", join(directory, "config.json"));
  command("stop", id);
  return { id };
}

/** Appends the life of that many phases, as the manager would have. */
function live(path, phases) {
  const journal = sqliteJournal(path);
  const { next, first, at } = placeOf(fold(journal.read()));
  const names = Array.from({ length: jobs }, (_, job) => `bench${job}`);
  const random = seeded(1);
  const append = (facts) => journal.append(facts.map((fact) => ({ at, ...fact })));
  append(
    names.map((trialJobId, job) => ({
      kind: "trial-job-created",
      trialJobId,
      number: first + job,
      tokenHash: "00",
    })),
  );
  for (let done = 0; done < phases; done += batch)
    append(Array.from({ length: batch }, (_, offset) => lifeOf(done + offset)).flat());
  append(
    names.map((trialJobId) => ({ kind: "trial-job-ended", trialJobId, status: "succeeded", reason: null })),
  );
  journal.close();

  function lifeOf(place) {
    const parameterId = next + place;
    const parameters = Object.fromEntries(
      Array.from({ length: dimensions }, (_, dimension) => [`x${dimension}`, random.next()]),
    );
    const seq = journal.lastSeq + 3 * (place % batch);
    const proposed = {
      trialJobId: names[place % jobs],
      parameterIndex: Math.floor(place / jobs),
      parameterId,
    };
    return [
      { kind: "phase-proposed", ...proposed, parameters, heard: seq, batch: parameterId },
      { kind: "phase-started", parameterId },
      { kind: "phase-ended", parameterId, outcome: "succeeded", value: random.next(), reason: null },
    ];
  }
}

function placeOf(state) {
  return { next: state.nextParameterId, first: state.trialJobs.size, at: state.lastRecordAt };
}

/** `polyphase resume` comes back when the manager has answered its health route. */
function timeToHealth(command, id) {
  const before = monotonic();
  command("resume", id);
  const seconds = monotonic() - before;
  command("stop", id);
  return seconds;
}

/** Where the time goes: the journal alone, and with its meaning. */
function reading(path) {
  const timed = (body) => {
    const before = monotonic();
    body();
    return monotonic() - before;
  };
  let journal;
  const open = timed(() => (journal = sqliteJournal(path, { readOnly: true })));
  const read = timed(() => {
    for (const _record of journal.read());
  });
  const readAndFold = timed(() => fold(journal.read()));
  journal.close();
  return { open, read, readAndFold };
}
