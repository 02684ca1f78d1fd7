// What bench/quality.mjs says: figures for programs, tables and pictures for people.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { load, machine } from "./machine.mjs";
import { short } from "./numbers.mjs";
import { groups, problemIds } from "./problems.mjs";
import { acceptance, beyondRandom, duels, ledgerOf, shared, summaryOf, tableOf } from "./quality-figures.mjs";
import { recordedPeers } from "./recorded-peers.mjs";
import { rankDiagram, regretCurves } from "./svg.mjs";

const placeOf = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Writes bench/results/quality.json and quality.md (or under another name), with `write` also docs/; gives what fails. */
export function writeQuality(runs, { budgets, levels, problems, contenders, write, name }) {
  const ledger = ledgerOf(runs, problems);
  const names = contenders.map((one) => one.name);
  const own = contenders.filter(({ kind }) => kind === "ours").map((one) => one.name);
  const found = { date: new Date().toISOString().slice(0, 10), machine: machine(), load: load() };
  const versions = Object.fromEntries(runs.map((run) => [run.contender, run.version]));
  const longest = budgets.at(-1);
  const judged = {
    acceptance: acceptance(ledger, own, longest),
    beyondRandom: beyondRandom(ledger, own, longest),
  };
  const atLevels = levels.map((concurrency) =>
    levelOf(ledger, { concurrency, budgets, problems, names, own }),
  );
  const figures = { ...found, budgets, versions, ...judged, levels: atLevels };
  save(`bench/results/${name}.json`, `${JSON.stringify(figures, null, 1)}\n`);
  save(`bench/results/${name}.md`, markdown(figures));
  console.log(overview(figures));
  if (write) writeDocs(ledger, figures, { names, budgets });
  return [...judged.acceptance, ...judged.beyondRandom].filter(({ verdict }) => verdict === "FAIL");
}

function levelOf(ledger, { concurrency, budgets, problems, names, own }) {
  const summaries = [];
  for (const share of [2 / 3, 3 / problems.length]) {
    const common = shared(ledger, { concurrency, problems, names, share });
    const known = summaries.some((other) => other.rows.length >= common.names.length);
    if (!known && common.names.length > 1 && common.problems.length > 1)
      summaries.push(summaryOf(ledger, { concurrency, budgets, ...common }));
  }
  const table = tableOf(ledger, { concurrency, budgets, names });
  return { concurrency, summaries, table, duels: duels(ledger, { concurrency, budgets, names: own }) };
}

/** The short form: who is how good, what is accepted. */
function overview({ levels, acceptance: accepted, beyondRandom: beyond, budgets }) {
  const lines = [];
  for (const { concurrency, summaries } of levels)
    for (const summary of summaries) lines.push("", ...summaryLines(concurrency, summary, budgets));
  lines.push("", ...acceptanceLines(accepted, beyond));
  return lines.join("\n").trim();
}

function markdown(figures) {
  const { machine: on, date, versions, budgets, levels } = figures;
  const peers = [...new Set(Object.values(versions))].filter((version) => version !== "polyphase");
  const lines = [
    "# Quality of the tuners",
    "",
    `Written by \`node bench/quality.mjs\`, ${date}, ${on.cores} cores of ${on.cpu}, Node ${on.node}; ${peers.join(", ")}.`,
    "Regret is (best - optimum) / (typical random point - optimum) of the median over seeds: 0 is the optimum, 1 a random point.",
    "",
    overview(figures),
  ];
  for (const { concurrency, duels: met } of levels)
    if (met.length > 0)
      lines.push(
        "",
        `## Ours and the same method elsewhere, concurrency ${concurrency}`,
        "",
        ...duelLines(met, budgets),
      );
  for (const { concurrency, table } of levels)
    if (Object.values(table).some((row) => Object.keys(row).length > 0))
      lines.push(
        "",
        `## Best values, concurrency ${concurrency}: median (25 %, 75 %)`,
        ...tableLines(table, budgets, concurrency === 1),
      );
  return `${lines.join("\n")}\n`;
}

function summaryLines(concurrency, { problems, rows, tests }, budgets) {
  const heads = budgets.flatMap((budget) => [`regret at ${budget}`, `rank at ${budget}`]);
  const row = ({ name, seeds, regret, rank }) =>
    `| ${[name, seeds, ...budgets.flatMap((budget) => [short(regret[budget]), rank[budget].toFixed(2)])].join(" | ")} |`;
  const proof = budgets.map(
    (budget) =>
      `${budget}: p = ${tests[budget].p.toExponential(1)}, distance ${tests[budget].distance.toFixed(2)}`,
  );
  return [
    `**Concurrency ${concurrency}, ${problems.length} problems, ${rows.length} contenders** (mean regret, mean rank)`,
    "",
    `| contender | seeds | ${heads.join(" | ")} |`,
    `|---|--:|${heads.map(() => "--:|").join("")}`,
    ...rows.map(row),
    "",
    `Friedman's test and Nemenyi's critical distance of ranks (5 %), by budget: ${proof.join("; ")}. Problems: ${problems.join(", ")}.`,
  ];
}

function acceptanceLines(accepted, beyond) {
  const say = (verdict) => (verdict === "FAIL" ? "**FAIL**" : verdict);
  const names = [...new Set(accepted.map(({ name }) => name))];
  const row = (name) => {
    const own = accepted.filter((one) => one.name === name);
    const missed = own.filter(({ verdict }) => verdict !== "pass");
    const words = missed.map(
      ({ problem, budget, median, accepted: bound, verdict }) =>
        `${say(verdict)} ${problem} at ${budget}: ${short(median)} > ${short(bound)}`,
    );
    const seeds = Math.min(...own.map((one) => one.seeds));
    return `| ${name} | ${seeds} | ${own.length - missed.length} of ${own.length} medians | ${words.join("; ") || "pass"} |`;
  };
  if (accepted.length + beyond.length === 0) return [];
  return [
    "**Accepted**: medians on four functions, no worse than the 75 % quartile or 1.5 times the regret of the method's reference",
    "",
    "| tuner | seeds | what holds | verdict |",
    "|---|--:|---|---|",
    ...names.map(row),
    ...beyond.map(
      ({ name, problem, budget, concurrency, p, seeds, verdict }) =>
        `| ${name} | ${seeds} | ${problem} at ${budget}, concurrency ${concurrency}: better than Random, p = ${p.toExponential(1)} | ${say(verdict)} |`,
    ),
    "",
    "Open: missed, with fewer than 20 seeds, which is no verdict.",
  ];
}

function duelLines(met, budgets) {
  const cell = ({ regret: [own, theirs], verdict, accepted }) =>
    `${short(own)} / ${short(theirs)} ${verdict}${accepted ? "" : ", **too far**"}`;
  const row = ({ name, peer, problem, at }) => `| ${[name, peer, problem, ...at.map(cell)].join(" | ")} |`;
  return [
    "Regret of ours / theirs; better and worse are told at 5 % (rank sum, one-sided); too far: above their 75 % quartile and 1.5 times their regret.",
    "",
    `| tuner | peer | problem | ${budgets.map((budget) => `at ${budget}`).join(" | ")} |`,
    `|---|---|---|${budgets.map(() => "---|").join("")}`,
    ...met.map(row),
  ];
}

/** `recorded` rows were taken elsewhere and at another time. */
function tableLines(table, budgets, withRecorded) {
  const cell = (quartiles) => {
    const [median, ...spread] = (quartiles ?? []).map(precise);
    return median === undefined ? "" : spread.length === 0 ? median : `${median} (${spread.join(", ")})`;
  };
  const row = (name, seeds, at) => `| ${[name, seeds, ...budgets.map((one) => cell(at[one]))].join(" | ")} |`;
  return Object.entries(table).flatMap(([id, contenders]) => [
    "",
    `| ${id} | seeds | ${budgets.map((budget) => `at ${budget}`).join(" | ")} |`,
    `|---|--:|${budgets.map(() => "--:|").join("")}`,
    ...Object.entries(contenders).map(([name, { seeds, ...at }]) => row(name, seeds, at)),
    ...(withRecorded ? recordedPeers(id).map(({ name, seeds, at }) => row(name, seeds, at)) : []),
  ]);
}

function precise(value) {
  return String(Number(value.toPrecision(5)));
}

/** The pictures, and the short tables between the marks of docs/tuners.md. */
function writeDocs(ledger, figures, { names, budgets }) {
  for (const { concurrency, summaries } of figures.levels) {
    if (summaries.length === 0) continue;
    const counts = Array.from({ length: 40 }, (_, i) => (i + 1) * (budgets.at(-1) / 40));
    const panel = (title, problems) => {
      const common = shared(ledger, { concurrency, problems, names, share: 1 });
      if (common.names.length < 2) return undefined;
      const mean = (name, count) =>
        common.problems.reduce((sum, id) => sum + ledger.regret(concurrency, id, name, count), 0) /
        common.problems.length;
      const curves = common.names.map((name) => ({
        name,
        points: counts.map((count) => [count, mean(name, count)]),
      }));
      return { title: `${title} (${common.problems.length})`, curves };
    };
    const inGroup = (group) =>
      problemIds.filter((id) => ledger.problems.includes(id) && ledger.scales[id].group === group);
    const panels = [
      ...Object.keys(groups).map((group) => panel(titles[group], inGroup(group))),
      panel("all", ledger.problems),
    ];
    save(`docs/images/regret-${concurrency}.svg`, regretCurves(panels.filter((one) => one !== undefined)));
    const [{ rows, tests }] = summaries;
    const last = budgets.at(-1);
    const ranked = rows.map(({ name, rank }) => ({ name, rank: rank[last] }));
    save(`docs/images/ranks-${concurrency}.svg`, rankDiagram(ranked, tests[last].distance));
  }
  const path = placeOf("docs/tuners.md");
  const marked = /(<!-- quality -->\n)[^]*(<!-- end of quality -->)/;
  const page = readFileSync(path, "utf8");
  writeFileSync(
    path,
    page.replace(marked, (_all, from, to) => `${from}${docsText(figures)}\n${to}`),
  );
}

const titles = {
  smooth: "smooth functions",
  mixed: "mixed and nested",
  trees: "tree learners (surrogates)",
  architectures: "architectures (tables)",
  recorded: "recorded trainings",
};

function docsText(figures) {
  const pictures = figures.levels.flatMap(({ concurrency, summaries }) =>
    summaries.length === 0
      ? []
      : [
          `![Mean regret by evaluations, concurrency ${concurrency}](images/regret-${concurrency}.svg)`,
          "",
          `![Mean ranks, concurrency ${concurrency}](images/ranks-${concurrency}.svg)`,
          "",
        ],
  );
  return ["", ...pictures, overview(figures), ""].join("\n");
}

function save(path, content) {
  const file = placeOf(path);
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
