import { writeFileSync } from "node:fs";
import { bestAt } from "./play.mjs"; 
import { median } from "./numbers.mjs";
import { scaleOf } from "./problems.mjs";
export function writeQuality(runs, { budgets, levels, problems, contenders }) {
  for (const c of levels) for (const p of problems) { const s = scaleOf(p);
    for (const { name } of contenders) { const r = runs.filter(x => x.contender===name && x.problem===p && x.concurrency===c); if (!r.length) continue;
      console.log(c, p, name, r.length, budgets.map(b => (s.sign*median(r.map(x=>bestAt(x.curve,b)))).toPrecision(5)+' ('+((median(r.map(x=>bestAt(x.curve,b)))-s.optimum)/(s.typical-s.optimum)).toExponential(1)+')').join('  '), (r.reduce((a,x)=>a+x.seconds,0)/r.length).toFixed(2)+'s', r[0].version); } }
}
