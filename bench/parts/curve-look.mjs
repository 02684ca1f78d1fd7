// What one look at a learning curve costs the Curvefitting assessor: 50 results, foreseen at step 100. The quickest of 20 looks, in ms.
import { forecast } from "../../dist/assessors/curvefitting/forecast.js";
import { seeded } from "../../dist/model/index.js";

const steps = Float64Array.from({ length: 50 }, (_, index) => index + 1);

export function curveLook({ looks = 20 } = {}) {
  const random = seeded(3);
  return Math.min(...Array.from({ length: looks }, () => look(random)));
}

/** A power law with noise, another one at each look. */
function look(random) {
  const values = steps.map((step) => 0.9 - 0.5 * step ** -0.7 + 0.01 * (random.next() - 0.5));
  const started = performance.now();
  if (forecast({ x: steps, y: values }, 100) === undefined) throw new Error("the curve was not foreseen");
  return performance.now() - started;
}
