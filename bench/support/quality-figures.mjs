// From runs to figures: medians, regrets, ranks, verdicts.
import { acceptedLoss, counterparts, mustBeatRandom, recorded } from "./accepted.mjs";
import { quantile } from "./numbers.mjs";
import { bestAt } from "./play.mjs";
import { scaleOf } from "./problems.mjs";
import { friedman, rankSum } from "./statistics.mjs";

/** Fewer seeds than this say nothing. */
const fewestSeeds = 2;

/** A rule is only a rule with so many: medians of fewer are too noisy. */
const seedsToJudge = 20;

/** Runs, to be asked for by level of concurrency, problem and contender. */
export function ledgerOf(runs, problems) {
  const scales = Object.fromEntries(problems.map((id) => [id, scaleOf(id)]));
  const curves = new Map();
  for (const { contender, problem, concurrency, curve } of runs) {
    const place = `${concurrency} ${problem} ${contender}`;
    curves.set(place, [...(curves.get(place) ?? []), curve]);
  }
  const curvesOf = (concurrency, problem, name) => curves.get(`${concurrency} ${problem} ${name}`) ?? [];
  const losses = (concurrency, problem, name, count) =>
    curvesOf(concurrency, problem, name).map((curve) => bestAt(curve, count));
  return {
    scales,
    problems,
    seeds: (concurrency, problem, name) => curvesOf(concurrency, problem, name).length,
    has: (concurrency, problem, name) => curvesOf(concurrency, problem, name).length >= fewestSeeds,
    losses,
    /** Normalised regret of the median: 0 the optimum, 1 a typical random point. */
    regret(concurrency, problem, name, count) {
      const { optimum, typical } = scales[problem];
      const loss = quantile(losses(concurrency, problem, name, count), 0.5);
      return Math.max(0, (loss - optimum) / (typical - optimum));
    },
  };
}

/**
 * Problems that all the contenders have, and these contenders. Where some have few problems, they are left out one by one, until the
 * others share at least `share` of the problems.
 */
export function shared(ledger, { concurrency, problems, names, share }) {
  let remaining = names.filter((name) => problems.some((id) => ledger.has(concurrency, id, name)));
  for (;;) {
    const common = problems.filter((id) => remaining.every((name) => ledger.has(concurrency, id, name)));
    if (remaining.length < 2 || common.length >= share * problems.length)
      return { names: remaining, problems: common };
    const count = (name) => problems.filter((id) => ledger.has(concurrency, id, name)).length;
    const least = Math.min(...remaining.map(count));
    remaining = remaining.filter((name) => name !== remaining.findLast((one) => count(one) === least));
  }
}

/** One table of contenders over problems: mean regrets and mean ranks per budget, and what the ranks prove. */
export function summaryOf(ledger, { concurrency, budgets, problems, names }) {
  const seedsOf = (name) => Math.min(...problems.map((id) => ledger.seeds(concurrency, id, name)));
  const rows = names.map((name) => ({ name, seeds: seedsOf(name), regret: {}, rank: {} }));
  const tests = {};
  for (const budget of budgets) {
    const table = problems.map((id) => names.map((name) => ledger.regret(concurrency, id, name, budget)));
    const { means, p, distance } = friedman(table);
    tests[budget] = { p, distance };
    names.forEach((_, j) => {
      rows[j].regret[budget] = table.reduce((sum, row) => sum + row[j], 0) / table.length;
      rows[j].rank[budget] = means[j];
    });
  }
  const last = budgets.at(-1);
  return { problems, rows: rows.toSorted((one, other) => one.rank[last] - other.rank[last]), tests };
}

/** Per problem and contender: seeds, and the quartiles of the best value after each budget, in the problem's own sign. */
export function tableOf(ledger, { concurrency, budgets, names }) {
  const cell = (id, name) => {
    const { sign } = ledger.scales[id];
    const at = (budget) => {
      const found = ledger.losses(concurrency, id, name, budget);
      const values = found.map((loss) => sign * loss);
      return [0.5, 0.25, 0.75].map((part) => quantile(values, part));
    };
    const quartiles = Object.fromEntries(budgets.map((budget) => [budget, at(budget)]));
    return { seeds: ledger.seeds(concurrency, id, name), ...quartiles };
  };
  const present = (id) => names.filter((name) => ledger.seeds(concurrency, id, name) > 0);
  return Object.fromEntries(
    ledger.problems.map((id) => [id, Object.fromEntries(present(id).map((name) => [name, cell(id, name)]))]),
  );
}

/** Ours against what the method's reference reached when the rules were made; open where seeds are too few for a verdict. */
export function acceptance(ledger, names, longest) {
  const found = [];
  for (const name of names)
    for (const [problem, rows] of Object.entries(recorded[name] ?? {}))
      for (const [budget, row] of Object.entries(rows)) {
        const isKnown = ledger.problems.includes(problem) && ledger.has(1, problem, name);
        if (!isKnown || Number(budget) > longest) continue;
        const median = quantile(ledger.losses(1, problem, name, Number(budget)), 0.5);
        const accepted = acceptedLoss(ledger.scales[problem].optimum, row);
        const seeds = ledger.seeds(1, problem, name);
        const verdict = verdictOf(median <= accepted, seeds);
        found.push({ name, problem, budget: Number(budget), median, accepted, seeds, verdict });
      }
  return found;
}

function verdictOf(holds, seeds) {
  return holds ? "pass" : seeds < seedsToJudge ? "open" : "FAIL";
}

export function beyondRandom(ledger, names, longest) {
  const possible = mustBeatRandom.filter(({ budget }) => budget <= longest);
  return possible.flatMap(({ concurrency, problem, budget, tuners }) =>
    tuners
      .filter((name) => names.includes(name) && ledger.problems.includes(problem))
      .filter((name) => [name, "Random"].every((one) => ledger.has(concurrency, problem, one)))
      .map((name) => {
        const [own, random] = [name, "Random"].map((one) => ledger.losses(concurrency, problem, one, budget));
        const p = rankSum(own, random);
        const seeds = Math.min(own.length, random.length);
        return { name, concurrency, problem, budget, p, seeds, verdict: verdictOf(p < 0.01, seeds) };
      }),
  );
}

/** Ours against the peer of the same method in the same run, problem by problem. */
export function duels(ledger, { concurrency, budgets, names }) {
  const found = [];
  for (const name of names)
    for (const peer of counterparts[name] ?? [])
      for (const problem of ledger.problems) {
        if (![name, peer].every((one) => ledger.has(concurrency, problem, one))) continue;
        const at = budgets.map((budget) => duel(ledger, { concurrency, problem, name, peer, budget }));
        found.push({ name, peer, problem, at });
      }
  return found;
}

function duel(ledger, { concurrency, problem, name, peer, budget }) {
  const [own, theirs] = [name, peer].map((one) => ledger.losses(concurrency, problem, one, budget));
  const [ownRegret, theirRegret] = [name, peer].map((one) =>
    ledger.regret(concurrency, problem, one, budget),
  );
  const row = [quantile(theirs, 0.5), quantile(theirs, 0.75)];
  const holds = quantile(own, 0.5) <= acceptedLoss(ledger.scales[problem].optimum, row);
  const better = rankSum(own, theirs) < 0.05;
  const worse = rankSum(theirs, own) < 0.05;
  const verdict = better ? "better" : worse ? "worse" : "level";
  return { budget, regret: [ownRegret, theirRegret], verdict, accepted: holds };
}
