import type { Experiment } from "../experiment/index.ts";
import type { JournalRecord } from "../model/index.ts";
import { writeManagerFile } from "./home.ts";
import type { OpenServers } from "./serving.ts";

const noted: ReadonlySet<JournalRecord["kind"]> = new Set(["experiment-status", "config-changed"]);

/** Keeps `manager.json` as the experiment's status and name change, until `lingers` says that it has no manager any more. */
export function keepManagerFile(
  experiment: Experiment,
  directory: string,
  { url, publicUrl }: Pick<OpenServers, "url" | "publicUrl">,
): { readonly lingers: () => void } {
  const write = (lingers = false): void => {
    const { experimentId, config, status, statusReason, createdAt, endedAt } = experiment.state;
    const { experimentName: name, trainingService } = config;
    const platform = trainingService.platform;
    writeManagerFile(directory, {
      id: experimentId,
      name,
      status,
      statusReason,
      url,
      publicUrl,
      createdAt,
      endedAt,
      platform,
      ...(lingers ? { lingers } : {}),
    });
  };
  experiment.subscribe((records) => {
    if (records.some(({ record }) => noted.has(record.kind))) write();
  });
  write();
  return { lingers: () => write(true) };
}
