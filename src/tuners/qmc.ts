import type { TunerFactory } from "../model/index.ts";
import { seeded, seededFor } from "../model/index.ts";
import { createSobol } from "./numeric/sobol.ts";
import { pointPerRequest } from "./point-per-request.ts";
import { priorPoint } from "./prior-point.ts";
import { drawNew } from "./visits.ts";

/**
 * Quasi-Monte Carlo: the Sobol' point whose number is the parameter id, stretched over the prior. Every dimension of the flat
 * space has a coordinate of its own; those of options that are not taken go unused. Where a grid's point is taken already, a
 * new draw from the prior stands in for it. Source: Bousquet et al., "Critical Hyper-Parameters: No Random, No Cry",
 * arXiv 1706.03200 (2017).
 */
export const qmcTuner: TunerFactory = ({ seed, optimizeMode, classArgs }) => {
  const scramble = classArgs["scramble"] as boolean;
  return pointPerRequest(optimizeMode, (flat) => {
    const sobol = createSobol(flat.dimensions.length, scramble ? seeded(seed) : undefined);
    // Unscrambled, the first point is the origin, the far end of every tail. Scrambled, the first 2^k points need it
    // for their balance (Owen, "On Dropping the First Sobol' Point", MCQMC 2020).
    const first = scramble ? 0 : 1;
    return (parameterId, visits) => {
      const point = priorPoint(flat, sobol(parameterId + first));
      if (visits === undefined || !visits.has(point)) return point;
      return drawNew(flat, visits, seededFor(seed, parameterId));
    };
  });
};
