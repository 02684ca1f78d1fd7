// A child process of bench/quality.mjs: searches what it is told, one search at a time.
import { play } from "./play.mjs";
import { openProblem } from "./problems.mjs";
import { searcherOf, stopPeers } from "./searchers.mjs";

process.on("message", async ({ contender, problem: id, seed, concurrency, evaluations, python }) => {
  try {
    const problem = await openProblem(id);
    const searcher = await searcherOf(contender, { space: problem.space, seed, evaluations, python });
    const found = await play(searcher, problem, { evaluations, concurrency, seed });
    process.send({ version: searcher.version, ...found });
  } catch (error) {
    process.send({ error: String(error.stack ?? error) });
  }
});
process.on("disconnect", () => {
  stopPeers();
  process.exit();
});
