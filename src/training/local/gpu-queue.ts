import { messageOf, PolyphaseError } from "../../model/index.ts";
import { allowedGpus, chooseGpus, gpusInWords, type GpuChoice } from "./choose-gpus.ts";
import { readGpus, type Gpu } from "./nvidia-smi.ts";
import type { Settings } from "./settings.ts";
import type { Timers } from "./timers.ts";

/** Somebody who needs GPUs. */
export interface GpuRequest {
  readonly count: number;
  /** Called once, with the GPUs that are now held for the job. */
  start(indices: readonly number[]): Promise<void>;
  /** Called whenever it was looked at and there were not enough. */
  waits(reason: string): void;
}

/** Who holds which GPU, and the line of those who wait: first come, first served. */
export interface GpuQueue {
  /** @throws PolyphaseError `gpu-not-available` where this machine could never give so many */
  assertPossible(count: number): Promise<void>;
  /** Puts a request at the end of the line. Resolves when it has started, or when it is known that it has to wait. */
  enter(request: GpuRequest): Promise<void>;
  /** Takes a request out of the line. */
  leave(request: GpuRequest): void;
  /** Counts the GPUs of a job that runs already. */
  hold(indices: readonly number[]): void;
  release(indices: readonly number[]): void;
  close(): void;
}

export function gpuQueue(settings: Settings, timers: Timers): GpuQueue {
  const stock = gpuStock(settings);
  const line: GpuRequest[] = [];
  const starting = new Map<GpuRequest, Promise<void>>();
  let turns: Promise<void> = Promise.resolve();
  let forgetRetry = (): void => {};
  let closed = false;

  /** Looks at the line, after whoever looks at it now. */
  function serve(): Promise<void> {
    turns = turns.then(serveLine);
    return turns;
  }

  async function serveLine(): Promise<void> {
    forgetRetry();
    for (let first = line[0]; first !== undefined; first = line[0]) {
      const choice = await stock.choose(first.count);
      if (closed) return;
      if (line[0] !== first) continue;
      if (choice.kind === "wait") {
        tellLine(line, choice.reason);
        forgetRetry = timers.after(settings.gpuPollMs, () => void serve());
        return;
      }
      line.shift();
      stock.hold(choice.indices);
      starting.set(first, first.start(choice.indices));
    }
  }

  return {
    assertPossible: (count) => stock.assertPossible(count),
    async enter(request) {
      line.push(request);
      await serve();
      await starting.get(request);
      starting.delete(request);
    },
    leave(request) {
      const place = line.indexOf(request);
      if (place < 0) return;
      line.splice(place, 1);
      void serve();
    },
    hold: (indices) => stock.hold(indices),
    release(indices) {
      stock.release(indices);
      void serve();
    },
    close() {
      closed = true;
      line.length = 0;
    },
  };
}

function tellLine([first, ...others]: readonly GpuRequest[], reason: string): void {
  first?.waits(reason);
  for (const other of others) other.waits(`waits for ${gpusInWords(other.count)}, behind other trial jobs`);
}

interface GpuStock extends Pick<GpuQueue, "assertPossible" | "hold" | "release"> {
  /** Looks at the GPUs as they are now. */
  choose(count: number): Promise<GpuChoice>;
}

function gpuStock(settings: Settings): GpuStock {
  const held = new Map<number, number>();
  let known: readonly Gpu[] | undefined;

  const change = (indices: readonly number[], by: 1 | -1): void => {
    for (const index of indices) held.set(index, (held.get(index) ?? 0) + by);
  };

  return {
    async assertPossible(count) {
      known ??= await readGpus(settings.env);
      if (count > allowedGpus(known, settings).length) throw neverEnough(count, known, settings);
    },
    async choose(count) {
      try {
        known = await readGpus(settings.env);
      } catch (error) {
        return { kind: "wait", reason: messageOf(error) };
      }
      return chooseGpus(count, known, held, settings);
    },
    hold: (indices) => change(indices, 1),
    release: (indices) => change(indices, -1),
  };
}

function neverEnough(count: number, gpus: readonly Gpu[], { gpuIndices }: Settings): PolyphaseError {
  const restriction =
    gpuIndices === undefined ? "" : `; gpuIndices allows only those of [${gpuIndices.join(", ")}]`;
  return new PolyphaseError(
    "gpu-not-available",
    `each trial job wants ${gpusInWords(count)}, but this machine has ${gpusInWords(gpus.length)}${restriction}`,
    { hint: "Lower trial.gpuNum, or allow more GPUs in localConfig.gpuIndices." },
  );
}
