import { actorOf } from "../../caller.ts";
import { exportRows, importRows } from "../../nni/exported.ts";
import { nniRoot } from "../../nni/nni-root.ts";
import * as schemas from "../../nni/schemas.ts";
import { json, plainText } from "../../responses.ts";
import type { Route } from "../../route.ts";
import { adminRoute, viewerRoute } from "../../route.ts";
import { usableRows } from "../../usable-rows.ts";
import { nothing } from "./nothing.ts";

const exportData = viewerRoute({
  method: "GET",
  path: `${nniRoot}/export-data`,
  name: "nniExportData",
  summary: "Every configuration that has a final result, with it.",
  answer: {
    kind: "json",
    status: 200,
    schema: schemas.nniExport,
    meaning: "One entry for each configuration, `id` that of its trial job",
  },
  refusals: [],
  handle: ({ server }) => json(exportRows(server.experiment.state)),
});

const importData = adminRoute({
  method: "POST",
  path: `${nniRoot}/experiment/import-data`,
  name: "nniImportData",
  summary: "Tells the tuner of results from elsewhere; rows that a built-in tuner cannot use are left out.",
  body: importRows,
  answer: nothing,
  refusals: ["invalid-body", "experiment-ended"],
  async handle({ server: { experiment }, body, caller }) {
    await experiment.importPoints(usableRows(experiment.state.config, body).rows, actorOf(caller));
    return plainText("");
  },
});

export const dataRoutes: readonly Route[] = [exportData, importData];
