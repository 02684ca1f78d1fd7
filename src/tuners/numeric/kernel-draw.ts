import type { Random } from "../../model/index.ts";
import type { KernelMixture } from "./kernel-mixture.ts";
import type { KernelTable } from "./kernel-table.ts";
import { truncatedNormal } from "./normal.ts";

/** Draws one point of the mixture into `out`: first a kernel by weight, then every axis from that kernel. */
export function drawFromMixture(
  table: KernelTable,
  mixture: KernelMixture,
  random: Random,
  out: Float64Array,
): void {
  const kernel = pick(mixture.weights, random.next());
  const isPrior = kernel === mixture.members.length;
  const base = isPrior ? 0 : mixture.members[kernel]! * table.axes.length;
  for (let j = 0; j < table.axes.length; j++) {
    const axis = table.axes[j]!;
    if (axis.kind === "ordered") {
      const centre = isPrior ? axis.priorCentre : table.at[base + j]!;
      const sigma = isPrior ? axis.priorSigma : table.sigma[base + j]!;
      const z = truncatedNormal(random.next(), (axis.low - centre) / sigma, (axis.high - centre) / sigma);
      out[j] = centre + sigma * z;
    } else {
      const surplus = isPrior ? 0 : mixture.hit[j]! - mixture.miss[j]!;
      const u = random.next();
      const spread = Math.floor(((u - surplus) / (1 - surplus)) * axis.size);
      out[j] = u < surplus ? table.at[base + j]! : Math.min(axis.size - 1, spread);
    }
  }
}

function pick(weights: Float64Array, u: number): number {
  let rest = u;
  for (let i = 0; i < weights.length - 1; i++) {
    rest -= weights[i]!;
    if (rest < 0) return i;
  }
  return weights.length - 1;
}
