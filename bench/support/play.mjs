import { seeded } from "../../dist/model/index.js";

/**
 * One search: best loss so far by number of evaluations, as the points where it changed, and the seconds that asking and telling
 * took. `concurrency` jobs are open at once; which of them ends next is drawn from the seed, so that all contenders meet the
 * same order. A searcher has `ask(job)`, which gives `{ id, parameters }` or undefined where there is nothing to evaluate now,
 * and `tell(id, loss)`.
 */
export async function play(searcher, { loss }, { evaluations, concurrency, seed }) {
  const random = seeded(seed + 1_000_003);
  const idle = Array.from({ length: concurrency }, (_, i) => concurrency - 1 - i);
  const open = [];
  const curve = [];
  let [done, seconds] = [0, 0];
  const timed = async (act) => {
    const start = performance.now();
    const answer = await act();
    seconds += (performance.now() - start) / 1000;
    return answer;
  };
  while (done < evaluations) {
    const asked = idle.length > 0 ? await timed(() => searcher.ask(idle.at(-1))) : undefined;
    if (asked !== undefined) {
      open.push({ ...asked, job: idle.pop() });
      continue;
    }
    if (open.length === 0) break; // a finite space has come to its end
    const [phase] = open.splice(Math.floor(random.next() * open.length), 1);
    const value = loss(phase.parameters);
    done += 1;
    if (value < (curve.at(-1)?.[1] ?? Infinity)) curve.push([done, value]);
    idle.push(phase.job);
    await timed(() => searcher.tell(phase.id, value));
  }
  return { evaluations, done, curve, seconds };
}

/** The best loss after so many evaluations. */
export function bestAt(curve, count) {
  return curve.findLast(([at]) => at <= count)?.[1] ?? Infinity;
}
