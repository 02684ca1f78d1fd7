/** A real trial job whose part the test plays, over HTTP with the job's own token. */
import type { RunningManager } from "../../src/manager/index.ts";
import type { Project } from "./project.ts";
import { until } from "./program.ts";

export interface BorrowedJob {
  readonly id: string;
  readonly token: string;
  readonly url: string;
  /** POST to /api/v1/trial/ROUTE; a body that is a string goes as it is. */
  post(route: string, body: unknown, token?: string): Promise<TrialAnswer>;
}

export interface TrialAnswer {
  readonly status: number;
  /** The parsed body. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of any shape
  readonly body: any;
}

/** The only job of such an experiment. */
export async function borrowJob(project: Project): Promise<BorrowedJob> {
  const [job] = await borrowJobs(project, 1);
  return job as BorrowedJob;
}

/** Jobs of an experiment whose command is `idleCommand`, once `count` of them are running. */
export async function borrowJobs(project: Project, count: number): Promise<readonly BorrowedJob[]> {
  await until(() => project.files("env-").length >= count);
  return project.files("env-").map((name) => borrowedJob(environmentIn(project.read(name))));
}

/** Lets the jobs end, and the experiment with them. */
export async function giveBack(project: Project, manager: RunningManager): Promise<void> {
  project.write("go", "");
  await manager.ended;
}

function borrowedJob(env: ReadonlyMap<string, string>): BorrowedJob {
  const variable = (name: string): string => env.get(name) ?? "";
  const url = variable("POLYPHASE_URL");
  const token = variable("POLYPHASE_TOKEN");
  return {
    id: variable("POLYPHASE_TRIAL_JOB_ID"),
    token,
    url,
    async post(route, body, bearer = token) {
      const response = await fetch(`${url}/api/v1/trial/${route}`, {
        method: "POST",
        headers: bearer === "" ? {} : { authorization: `Bearer ${bearer}` },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    },
  };
}

/** What \`env\` printed, without values of several lines. */
function environmentIn(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((line) => {
      const place = line.indexOf("=");
      return place > 0 ? [[line.slice(0, place), line.slice(place + 1)] as const] : [];
    }),
  );
}
