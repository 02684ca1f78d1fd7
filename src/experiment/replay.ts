import { canonical } from "../model/index.ts";
import type { Json, NumberedRecord, Proposal, RecordedProposal } from "../model/index.ts";
import { tunerHistory } from "./recover.ts";
import { withoutAnswer } from "./serve-tuner.ts";
import type { TunerHost } from "./tuner-host.ts";

/** How a tuner's proposals, made once more, compare with those in the journal. */
export interface Replay {
  /** Proposals that are the same. */
  readonly same: number;
  readonly different: number;
  /** Parameters that people have added: no tuner's, so not compared. */
  readonly byPeople: number;
  readonly first: ReplayDifference | null;
}

export interface ReplayDifference {
  readonly parameterId: number;
  readonly trialJobId: string;
  readonly parameterIndex: number;
  /** Number of the record in the journal. */
  readonly seq: number;
  readonly recorded: Json;
  readonly derived: Proposal;
}

/**
 * Puts a fresh tuner through its history and asks it for every proposal again, in the batches in which it was asked then.
 * Whatever it says now, it learns from the parameters that were recorded, so one difference does not make all that follows
 * different. Rejects where the tuner fails. `onProgress` is told how many proposals have been compared, of how many.
 */
export async function replayProposals(
  records: Iterable<NumberedRecord>,
  tuner: TunerHost,
  onProgress: (compared: number, total: number) => void = () => {},
): Promise<Replay> {
  const places = new Map<number, number>();
  let byPeople = 0;
  const history = tunerHistory(
    passing(records, ({ seq, record }) => {
      if (record.kind !== "phase-proposed") return;
      if (record.additionId === undefined) places.set(record.parameterId, seq);
      else byPeople += 1;
    }),
    { everything: tuner.hearsEverything },
  );
  const tally: { same: number; different: number; first: ReplayDifference | null } = {
    same: 0,
    different: 0,
    first: null,
  };
  for (const message of history) {
    if (message.kind !== "replay") {
      tuner.tell([message]);
      continue;
    }
    const derived = await tuner.ask(message.proposals.map(withoutAnswer));
    message.proposals.forEach((proposal, index) => {
      const difference = compare(proposal, derived[index] as Proposal, places);
      if (difference === null) tally.same += 1;
      else {
        tally.different += 1;
        tally.first ??= difference;
      }
    });
    onProgress(tally.same + tally.different, places.size);
  }
  return { ...tally, byPeople };
}

function* passing<Item>(items: Iterable<Item>, look: (item: Item) => void): Generator<Item> {
  for (const item of items) {
    look(item);
    yield item;
  }
}

function compare(
  { parameters: recorded, ...request }: RecordedProposal,
  derived: Proposal,
  places: ReadonlyMap<number, number>,
): ReplayDifference | null {
  if (derived.kind === "parameters" && canonical(derived.parameters) === canonical(recorded)) return null;
  return { ...request, seq: places.get(request.parameterId) as number, recorded, derived };
}
