import type { Route } from "../route.ts";
import { changeRoutes } from "./changes.ts";
import { experimentRoutes } from "./experiment.ts";
import { liveRoutes } from "./live.ts";
import { nniRoutes } from "./nni/index.ts";
import { pageRoutes } from "./page.ts";
import { phaseRoutes } from "./phases.ts";
import { trialJobRoutes } from "./trial-jobs.ts";
import { trialRoutes } from "./trial.ts";

/** Every call that the server answers. */
export const routes: readonly Route[] = [
  ...trialRoutes,
  ...experimentRoutes,
  ...changeRoutes,
  ...trialJobRoutes,
  ...phaseRoutes,
  ...liveRoutes,
  ...nniRoutes,
  ...pageRoutes,
];
