import type { Experiment, ExperimentDeps, TunerHost, TunerMessage } from "../../src/experiment/index.ts";
import type { Journal } from "../../src/journal/index.ts";
import { jsonCopy } from "../../src/model/index.ts";
import type { JournalRecord, Json, NumberedRecord, TrainingService } from "../../src/model/index.ts";
import type { ParametersAnswer } from "../../src/model/http.ts";
import type { Ground } from "./ground.ts";
import type { Door } from "./manager.ts";
import type { Hearer } from "./site.ts";
import { keyOf, whoseToken } from "./site.ts";

/** An experiment with one flaw, put in at a seam; the rule that it breaks has to say so. */
export interface Mutant {
  readonly flaw: string;
  /** Id of the rule. */
  readonly breaks: string;
  deps?(deps: ExperimentDeps, context: Context): ExperimentDeps;
  door?(door: Door, context: Context & { readonly experiment: Experiment }): Door;
}

interface Context {
  readonly ground: Ground;
  readonly life: Hearer;
}

export const mutants: readonly Mutant[] = [
  {
    flaw: "acknowledges what it will write down in a moment",
    breaks: "durable-before-visible",
    deps: withJournal((journal, { ground: { schedule }, life }) => ({
      append(records) {
        schedule.after(20, () => {
          if (!life.alive) return;
          try {
            journal.append(records);
          } catch {
            // killed in this moment
          }
        });
      },
    })),
  },
  {
    flaw: "writes results that are no numbers down without their value",
    breaks: "nothing-lost",
    deps: withJournal((journal) => ({
      append: (records) =>
        journal.append(
          records.map((record) =>
            record.kind === "phase-ended" && typeof record.value === "object"
              ? { ...record, value: null }
              : record,
          ),
        ),
    })),
  },
  {
    flaw: "starts a job again with its last phase, though the result is in",
    breaks: "nothing-twice",
    deps: (deps) => ({
      ...deps,
      trialJobSpec: (job) => deps.trialJobSpec(job, Math.max(0, job.parameterIds.length - 1)),
    }),
  },
  {
    flaw: "takes the word of an earlier attempt",
    breaks: "one-attempt-speaks",
    door:
      (door, { experiment }) =>
      (attempt) => {
        const { trialJobId } = whoseToken(attempt.token);
        const current = experiment.state.trialJobs.get(trialJobId);
        return door({ ...attempt, token: keyOf({ trialJobId, attempt: current?.attempt ?? 0 }) });
      },
  },
  {
    flaw: "forgets at a restart what it has submitted",
    breaks: "submitted-once",
    deps: withRecords((records) =>
      records.filter(
        ({ record: { kind } }) => kind !== "trial-job-submitted" && kind !== "trial-job-running",
      ),
    ),
  },
  {
    flaw: "takes a job that it cannot reach for dead",
    breaks: "one-process-per-job",
    deps: withService((service) => ({
      async *watch(handle) {
        for await (const status of service.watch(handle)) {
          yield status;
          if (status.kind === "running")
            return yield { kind: "failed", reason: "unreachable", exitCode: null };
        }
      },
    })),
  },
  {
    flaw: "does not attach to the jobs of an earlier manager",
    breaks: "always-ends",
    deps: withService((service, { life }) => {
      const mine = new Set<Json>();
      return {
        async submit(spec) {
          const handle = await service.submit(spec);
          mine.add(handle["key"] as Json);
          return handle;
        },
        async *watch(handle) {
          if (life.number > 0 && !mine.has(handle["key"] as Json)) await new Promise(() => {});
          yield* service.watch(handle);
        },
      };
    }),
  },
  {
    flaw: "sleeps through its alarms",
    breaks: "always-ends",
    deps: (deps) => ({ ...deps, clock: { ...deps.clock, alarm: () => () => {} } }),
  },
  {
    flaw: "says that a job is cancelled while its process goes on",
    breaks: "no-ghosts",
    deps: withService(() => ({ cancel: () => Promise.resolve() })),
  },
  {
    flaw: "ends a phase twice",
    breaks: "ends-once",
    deps: withJournal((journal) => ({
      append: (records) =>
        journal.append(records.flatMap((record) => twice(record, record.kind === "phase-ended"))),
    })),
  },
  {
    flaw: "tells the tuner of a result after the next question only",
    breaks: "tuner-in-order",
    deps: withTuner((host) => {
      const held: TunerMessage[] = [];
      return {
        tell: (messages) => void held.push(...messages),
        ask(requests) {
          const answer = host.ask(requests);
          host.tell(held.splice(0));
          return answer;
        },
      };
    }),
  },
  {
    flaw: "keeps phases that failed from the tuner",
    breaks: "tuner-told-all",
    deps: withTuner((host) => ({
      tell: (messages) =>
        host.tell(
          messages.filter((message) => message.kind !== "phase-ended" || message.result.outcome !== "failed"),
        ),
    })),
  },
  {
    flaw: "forgets the tuner's history at a restart",
    breaks: "tuner-told-all",
    deps: withHistory((history) => history.filter(({ kind }) => kind === "search-space")),
  },
  {
    flaw: "forgets every fourth verdict of the assessor",
    breaks: "assessor-heeded",
    deps: ({ openAssessor, ...deps }) => ({
      ...deps,
      ...(openAssessor && {
        openAssessor() {
          const host = openAssessor();
          let count = 0;
          return { ...host, assess: async (result) => (await host.assess(result)) || count++ % 4 === 3 };
        },
      }),
    }),
  },
  {
    flaw: "asks a resumed tuner all its old questions first, and tells it the results then",
    breaks: "tuner-replayed-in-order",
    deps: withHistory((history) => [
      ...history.filter(({ kind }) => kind !== "phase-ended"),
      ...history.filter(({ kind }) => kind === "phase-ended"),
    ]),
  },
  {
    flaw: "asks a resumed tuner every old question twice",
    breaks: "as-undisturbed",
    deps: withHistory((history) => history.flatMap((call) => twice(call, call.kind === "replay"))),
  },
  {
    flaw: "allows one phase more after each restart",
    breaks: "limits-kept",
    deps: withRecords((records) =>
      records.map((numbered) => {
        const { record } = numbered;
        if (record.kind !== "experiment-created" || record.config.maxPhaseNum === null) return numbered;
        const config = { ...record.config, maxPhaseNum: record.config.maxPhaseNum + 1 };
        return { ...numbered, record: { ...record, config } };
      }),
    ),
  },
  {
    flaw: "forgets at a restart the phases that came to nothing",
    breaks: "ids-never-reused",
    deps: withRecords((records) => {
      const vain = new Set(
        records.flatMap(({ record }) =>
          record.kind === "phase-ended" && record.outcome !== "succeeded" ? [record.parameterId] : [],
        ),
      );
      return records.filter(({ record }) => !("parameterId" in record && vain.has(record.parameterId)));
    }),
  },
  {
    flaw: "gives a person's parameters out again after a restart",
    breaks: "additions-once",
    deps: withRecords((records) =>
      records.map((numbered) => {
        const { record } = numbered;
        if (record.kind !== "phase-proposed" || record.additionId === undefined) return numbered;
        const { additionId: _forgotten, ...tuners } = record;
        return { ...numbered, record: tuners };
      }),
    ),
  },
  {
    flaw: "goes on after a pause without writing that down",
    breaks: "paused-begins-nothing",
    deps: withJournal((journal) => {
      let paused = false;
      const isUnpause = (record: JournalRecord): boolean => {
        const status = record.kind === "experiment-status" ? record.status : undefined;
        if (status === undefined) return false;
        const over = paused && status === "RUNNING";
        paused = status === "PAUSED";
        return over;
      };
      return { append: (records) => journal.append(records.filter((record) => !isUnpause(record))) };
    }),
  },
  {
    flaw: "answers an old question in its own way after a restart",
    breaks: "same-answer",
    door:
      (door, { life }) =>
      async (attempt) => {
        const reply = await door(attempt);
        if (attempt.request.route !== "parameters" || !("body" in reply)) return reply;
        const answer = reply.body as ParametersAnswer;
        if (answer.kind !== "parameters") return reply;
        return { body: { ...answer, parameters: [answer.parameters, life.number] } };
      },
  },
  {
    flaw: "refuses a report that it has got before",
    breaks: "fair-refusals",
    door: (door) => {
      const got = new Set<string>();
      return async (attempt) => {
        const text = JSON.stringify([attempt.token, attempt.request]);
        const again = got.has(text) && attempt.request.route !== "parameters";
        got.add(text);
        return again ? { refusal: { code: "result-conflict", message: "reported before" } } : door(attempt);
      };
    },
  },
  {
    flaw: "writes NaN down as JSON does",
    breaks: "journal-is-the-state",
    deps: withJournal((journal) => ({
      append: (records) => journal.append(JSON.parse(JSON.stringify(records)) as JournalRecord[]),
    })),
  },
];

function twice<T>(item: T, really: boolean): T[] {
  return really ? [item, item] : [item];
}

// ---- the seams ----

type Deps = NonNullable<Mutant["deps"]>;

function withJournal(change: (journal: Journal, context: Context) => Partial<Journal>): Deps {
  return (deps, context) => ({ ...deps, journal: journalWith(deps.journal, change(deps.journal, context)) });
}

function journalWith(journal: Journal, changes: Partial<Journal>): Journal {
  return {
    read: journal.read,
    append: journal.append,
    close: journal.close,
    ...changes,
    get lastSeq() {
      return journal.lastSeq;
    },
  };
}

/** What a restarted manager reads in the journal. */
function withRecords(change: (records: readonly NumberedRecord[]) => readonly NumberedRecord[]): Deps {
  return withJournal((journal) => ({ read: (seq) => change(jsonCopy([...journal.read(seq)]) as never) }));
}

function withService(change: (service: TrainingService, context: Context) => Partial<TrainingService>): Deps {
  return (deps, context) => ({ ...deps, service: { ...deps.service, ...change(deps.service, context) } });
}

function withTuner(change: (host: TunerHost, context: Context) => Partial<TunerHost>): Deps {
  return (deps, context) => ({
    ...deps,
    openTuner(upTo) {
      const host = deps.openTuner(upTo);
      return { ...host, ...change(host, context) };
    },
  });
}

/** What a new tuner is told at first: nothing but the space in a new experiment. */
function withHistory(change: (history: readonly TunerMessage[]) => readonly TunerMessage[]): Deps {
  return withTuner((host) => {
    let isHistory = true;
    return {
      tell(messages) {
        host.tell(isHistory ? change(messages) : messages);
        isHistory = false;
      },
    };
  });
}
