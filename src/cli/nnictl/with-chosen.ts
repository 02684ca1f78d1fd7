import type { Client } from "../../client/index.ts";
import type { ManagerFile } from "../../manager/home.ts";
import { openExperiment } from "../experiments.ts";
import type { Session } from "../session.ts";
import { chooseExperiment } from "./choose.ts";

/** Opens, uses and closes the experiment that `id` names, by NNI's rules. */
export async function withChosen<Result>(
  session: Session,
  id: string | undefined,
  use: (client: Client, experiment: ManagerFile) => Promise<Result>,
): Promise<Result> {
  const experiment = chooseExperiment(session, id);
  const { client, close } = openExperiment(session, experiment);
  try {
    return await use(client, experiment);
  } finally {
    await close();
  }
}
