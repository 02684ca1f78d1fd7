import {
  createExperiment,
  inlineAssessorHost,
  inlineTunerHost,
  recoverExperiment,
  withHistory,
} from "../../src/experiment/index.ts";
import type { Experiment, ExperimentDeps, Recovery, TunerHost } from "../../src/experiment/index.ts";
import { memoryJournal } from "../../src/journal/index.ts";
import type { Journal } from "../../src/journal/index.ts";
import type {
  ExperimentStatus,
  JournalRecord,
  Json,
  ParameterRequest,
  RecordedProposal,
  TrialResult,
  Tuner,
} from "../../src/model/index.ts";
import type { ParametersAnswer, ReportAnswer } from "../../src/model/http.ts";
import { trialTokens } from "../../src/server/trial-tokens.ts";
import { configOf, depsOf } from "../support/world.ts";
import { strictAssessor } from "./assessors.ts";
import type { Ground } from "./ground.ts";
import type { Reply, Try } from "./network.ts";
import { whoseToken } from "./site.ts";
import type { Hearer, Site } from "./site.ts";
import { makeTuner, spaceOf } from "./tuners.ts";
import type { Sight, TunerCall } from "./witness.ts";

/** One manager process: the real loop, until it dies or its experiment has ended. */
export interface Manager extends Hearer {
  readonly experiment: Experiment;
  /** As the trial API does. */
  answer(attempt: Try): Promise<Reply>;
  onDeath(call: () => void): void;
  /** Nothing of it is heard any more. */
  die(): void;
  killTuner(): void;
}

/** What a manager gets from those around it. */
export interface ManagerGround {
  readonly ground: Ground;
  readonly site: Site;
  readonly number: number;
  readonly recovery: Recovery;
  /** Of the next tuner, over all managers. */
  tunerNumber(): number;
  /** How many of a commit's records become durable before the manager is killed; undefined where it lives on. */
  cutAt(records: readonly JournalRecord[]): number | undefined;
}

export type Door = (attempt: Try) => Promise<Reply>;

/** A tuner's thread, which can be killed. */
interface MortalHost extends TunerHost {
  kill(): void;
}

type Life = { -readonly [Key in "number" | "alive"]: Hearer[Key] };

export function startManager(around: ManagerGround, onEnded: (status: ExperimentStatus) => void): Manager {
  const { ground, number } = around;
  const life: Life = { number, alive: true };
  const deaths: (() => void)[] = [];
  let tuner: MortalHost | undefined;
  const deps = depsFor(around, life, () => (tuner = openTuner(around, life)));
  const config = configOf({ searchSpace: spaceOf(ground.scenario.tuner), ...ground.scenario.config });
  const experiment =
    ground.lines.length > 0
      ? recoverExperiment(deps, around.recovery)
      : createExperiment(deps, { experimentId: "exp00000", config, seed: 7 });
  const door = doorOf(experiment, ground);
  const answer = ground.mutant?.door?.(door, { ground, life, experiment }) ?? door;
  ground.witness.note({ kind: "manager-started", manager: number });
  void experiment.ended.then((status) => {
    if (life.alive) onEnded(status);
  });
  return Object.assign(life, {
    experiment,
    killTuner: () => tuner?.kill(),
    onDeath: (call: () => void) => void deaths.push(call),
    die() {
      life.alive = false;
      ground.witness.note({ kind: "manager-gone", manager: number });
      for (const call of deaths) call();
    },
    async answer(attempt: Try) {
      const reply = await answer(attempt);
      if (life.alive) noteReply(ground, attempt, reply);
      return reply;
    },
  });
}

function depsFor(around: ManagerGround, life: Life, openTuner: () => TunerHost): ExperimentDeps {
  const { ground, site } = around;
  const { schedule, mutant } = ground;
  const whileAlive = (call: () => void) => () => {
    if (life.alive) call();
  };
  const deps: ExperimentDeps = {
    ...depsOf({
      journal: mortalJournal(around),
      clock: { now: schedule.now, alarm: (at, ring) => schedule.alarm(at, whileAlive(ring)) },
      openTuner,
      ...(ground.scenario.assessor && {
        openAssessor: () => inlineAssessorHost(strictAssessor(ground, around.tunerNumber())),
      }),
      onTunerFailure: ground.scenario.onTunerFailure,
      service: site.serviceFor(life),
      logs: [],
    }),
    defer: (commit) => void schedule.after(0, whileAlive(commit)),
  };
  const changed = mutant?.deps?.(deps, { ground, life }) ?? deps;
  return { ...changed, openTuner: (upTo) => withHistory(changed.openTuner(upTo), changed.journal, upTo) };
}

/** Durable means: in `ground.lines`. A manager may die of a commit. */
function mortalJournal({ ground, cutAt }: ManagerGround): Journal {
  const journal = memoryJournal(ground.lines);
  return {
    read: journal.read,
    close: journal.close,
    get lastSeq() {
      return ground.lines.length;
    },
    append(records) {
      const cut = cutAt(records);
      journal.append(records.slice(0, cut));
      if (cut !== undefined) throw new Error("killed");
    },
  };
}

/** The tuner, with every call noted. */
function openTuner({ ground, tunerNumber }: ManagerGround, life: Life): MortalHost {
  const number = tunerNumber();
  const note = (sight: Sight): void => {
    if (life.alive) ground.witness.note(sight);
  };
  note({ kind: "tuner-opened", tuner: number });
  const tuner = watched(makeTuner(ground, number), (call) => note({ kind: "tuner", tuner: number, call }));
  const host = mortalHost(inlineTunerHost(tuner));
  void host.failed.then(() => note({ kind: "tuner-failed", tuner: number }));
  return host;
}

function mortalHost(host: TunerHost): MortalHost {
  let killed: Error | undefined;
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<Error>((resolve) => (fail = resolve));
  void host.failed.then(fail);
  const died = failed.then((error): never => {
    throw error;
  });
  died.catch(() => {}); // those who ask hear of it
  return {
    failed,
    tell(messages) {
      if (!killed) host.tell(messages);
    },
    ask: (requests) => (killed ? Promise.reject(killed) : Promise.race([host.ask(requests), died])),
    close: () => host.close(),
    kill() {
      killed = new Error("the tuner was killed");
      fail(killed);
    },
  };
}

function watched(tuner: Tuner, note: (call: TunerCall) => void): Tuner {
  const noteAsk = ({ parameterId, trialJobId, parameterIndex }: ParameterRequest): void =>
    note({ kind: "ask", parameterId, trialJobId, parameterIndex });
  const noteResult = ({ parameterId, trialJobId }: TrialResult): void =>
    note({ kind: "result", parameterId, trialJobId });
  const generateMultiple = tuner.generateMultipleParameters?.bind(tuner);
  const recall = tuner.recallParameters?.bind(tuner);
  const receiveCustomized = tuner.receiveCustomizedTrialResult?.bind(tuner);
  return {
    updateSearchSpace(space) {
      note({ kind: "space" });
      return tuner.updateSearchSpace(space);
    },
    generateParameters(parameterId, request) {
      noteAsk({ parameterId, ...request });
      return tuner.generateParameters(parameterId, request);
    },
    ...(generateMultiple && {
      generateMultipleParameters(requests: readonly ParameterRequest[]) {
        requests.forEach(noteAsk);
        return generateMultiple(requests);
      },
    }),
    ...(recall && {
      recallParameters(proposal: RecordedProposal) {
        noteAsk(proposal);
        return recall(proposal);
      },
    }),
    receiveTrialResult(result) {
      noteResult(result);
      return tuner.receiveTrialResult(result);
    },
    ...(receiveCustomized && {
      receiveCustomizedTrialResult(result: TrialResult) {
        noteResult(result);
        return receiveCustomized(result);
      },
    }),
    trialEnd({ parameterId, trialJobId, outcome }) {
      note({ kind: "end", parameterId, trialJobId });
      return tuner.trialEnd?.({ parameterId, trialJobId, outcome });
    },
    importData(rows) {
      note({ kind: "import" });
      return tuner.importData?.(rows);
    },
  };
}

// ---- the trial API: tokens as the server checks them, requests held open as it does ----

function doorOf(experiment: Experiment, { schedule }: Ground): Door {
  const tokens = trialTokens(experiment);
  return async (attempt) => {
    try {
      const trialJobId = tokens.trialJobOf(`Bearer ${attempt.token}`);
      return { body: await serve(experiment, trialJobId, attempt, schedule) };
    } catch (error) {
      const { code = "internal-error", message } = error as { code?: string; message: string };
      return { refusal: { code, message } };
    }
  };
}

function serve(
  experiment: Experiment,
  trialJobId: string,
  { request, onHungUp }: Try,
  schedule: Ground["schedule"],
): Promise<ParametersAnswer | ReportAnswer> {
  switch (request.route) {
    case "parameters": {
      const patience = new AbortController();
      const giveUp = (): void => patience.abort("gave up"); // without a reason one is made, at some cost
      const stopWaiting = schedule.after(request.body.waitMs ?? 25_000, giveUp);
      onHungUp(giveUp);
      return experiment
        .requestParameters(trialJobId, request.body.parameterIndex, patience.signal)
        .finally(stopWaiting);
    }
    case "intermediate-results":
      return experiment.reportIntermediateResult(trialJobId, {
        ...request.body,
        value: request.body.value as Json,
      });
    case "final-result":
      return experiment.reportFinalResult(trialJobId, { ...request.body, value: request.body.value as Json });
  }
}

function noteReply({ witness }: Ground, { token, request }: Try, reply: Reply): void {
  const who = whoseToken(token);
  const { trialJobId } = who;
  const { parameterIndex } = request.body;
  if ("refusal" in reply) {
    if (request.route !== "final-result") return;
    const { code } = reply.refusal;
    const value = request.body.value as Json;
    return witness.note({ kind: "result-refused", who, parameterIndex, value, code });
  }
  if (request.route === "parameters") {
    const answer = reply.body as ParametersAnswer;
    if (answer.kind !== "wait") witness.note({ kind: "answered", trialJobId, parameterIndex, answer });
    return;
  }
  const { phase } = reply.body as ReportAnswer;
  const sequence = request.route === "final-result" ? null : request.body.sequence;
  const value = request.body.value as Json;
  witness.note({ kind: "acknowledged", who, parameterIndex, sequence, value, phase });
}
