import { messageOf } from "../model/index.ts";

/** What a supervisor watches, and how it helps. */
export interface Watched {
  /** `died`: its manager has gone without having ended it. */
  look(): "running" | "died" | "over";
  /** Starts a manager; rejects where none would start. */
  resume(): Promise<void>;
}

export interface Patience {
  now(): number;
  pause(ms: number): Promise<void>;
}

/** Time between two looks. */
const lookAgainMs = 200;

/** As many deaths as this, within this time, and the next would not help either. */
const mostDeaths = 5;
const windowMs = 60_000;

/** After the first death; twice as long after each further one within the window. */
const firstPauseMs = 250;

/** Resumes an experiment as often as its manager dies, until it is over (null) or it dies too often (the reason). */
export async function supervise(watched: Watched, { now, pause }: Patience): Promise<string | null> {
  let deaths: number[] = [];
  let failure = "";
  for (;;) {
    const found = watched.look();
    if (found === "over") return null;
    if (found === "running") {
      await pause(lookAgainMs);
      continue;
    }
    deaths = [...deaths.filter((at) => now() - at < windowMs), now()];
    if (deaths.length >= mostDeaths) return `its manager died ${mostDeaths} times within a minute${failure}`;
    await pause(firstPauseMs * 2 ** (deaths.length - 1));
    // Somebody may have resumed or ended it meanwhile.
    if (watched.look() !== "died") continue;
    failure = await watched.resume().then(
      () => "",
      (error: unknown) => `: ${firstLine(error)}`,
    );
  }
}

function firstLine(error: unknown): string {
  const [line = ""] = messageOf(error).split("\n");
  return line.replace(/:$/, "");
}
