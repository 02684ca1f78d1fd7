/** NNI 1.4's REST API, for scripts that were written for it. docs/coming-from-nni.md says what each call became. */
import type { Route } from "../../route.ts";
import { dataRoutes } from "./data.ts";
import { experimentRoutes } from "./experiment.ts";
import { metricRoutes } from "./metrics.ts";
import { trialJobRoutes } from "./trial-jobs.ts";

export const nniRoutes: readonly Route[] = [
  ...experimentRoutes,
  ...trialJobRoutes,
  ...metricRoutes,
  ...dataRoutes,
];
