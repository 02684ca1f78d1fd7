import type { ConfigChange } from "../model/index.ts";
import { parseSearchSpace } from "../space/index.ts";
import type { Server } from "./server.ts";

/** The change, its search space parsed. A space that could not be searched would else only be noticed when the tuner fails. */
export async function checkedChange(server: Server, change: ConfigChange): Promise<ConfigChange> {
  if (change.searchSpace === undefined) return change;
  const ownTypes = server.experiment.state.config.tuner.kind === "custom";
  const searchSpace = parseSearchSpace(change.searchSpace, { ownTypes });
  await server.checkSearchSpace?.(searchSpace);
  return { ...change, searchSpace };
}
