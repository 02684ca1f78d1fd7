import type { TunerFactory } from "../model/index.ts";
import { seededFor } from "../model/index.ts";
import { pointPerRequest } from "./point-per-request.ts";
import { drawNew } from "./visits.ts";

/** Independent draws from the prior (Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 2012). */
export const randomTuner: TunerFactory = ({ seed, optimizeMode }) =>
  pointPerRequest(
    optimizeMode,
    (flat) => (parameterId, visits) => drawNew(flat, visits, seededFor(seed, parameterId)),
  );
