// Packs the package, installs it into an empty folder and uses it there as a stranger would: check-package.mjs [directory]
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./setup.mjs";

const directory = mkdtempSync(join(process.argv[2] ?? tmpdir(), "package-"));
const sh = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

const [{ filename, files }] = JSON.parse(
  sh("npm", ["pack", "--json", "--pack-destination", directory], root),
);
const names = new Set(files.map((file) => file.path));
for (const wanted of [
  "dist/index.js",
  "dist/cli/bin.js",
  "dist/cli/nnictl/bin.js",
  "python/polyphase/__init__.py",
  "python/polyphase/host/__main__.py",
  "python/nni/__init__.py",
  "python/nni/hyperopt_tuner/hyperopt_tuner.py",
  "LICENSE",
]) {
  if (!names.has(wanted)) throw new Error(`the package lacks ${wanted}`);
}
const leaked = [...names].filter((name) => /\.test\.|__pycache__|\.tsbuildinfo|python\/tests/.test(name));
if (leaked.length > 0) throw new Error(`the package holds what nobody needs: ${leaked.join(", ")}`);

const home = join(directory, "home");
mkdirSync(home);
writeFileSync(join(home, "package.json"), '{ "type": "module", "private": true }\n');
sh("npm", ["install", "--no-fund", "--no-audit", join(directory, filename)], home);
writeFileSync(
  join(home, "use.mjs"),
  `import { runExperiment, space, uniform } from "polyphase";
import "polyphase/plugin";
import { phases } from "polyphase/trial";
const experiment = await runExperiment({
  space: space({ x: uniform(-1, 1) }), tuner: "TPE", optimizeMode: "minimize", seed: 1, maxPhaseNum: 30,
  objective: ({ parameters }) => parameters.x ** 2,
});
if (!(experiment.best.objective < 0.1) || typeof phases !== "function") throw new Error("the library does not work");
`,
);
sh("node", ["use.mjs"], home);
const version = sh("npx", ["--no-install", "polyphase", "--version"], home).trim();
if (sh("npx", ["--no-install", "nnictl", "--version"], home).trim() !== version)
  throw new Error("nnictl does not work");
console.log(`${filename} (${files.length} files) installs and works: polyphase ${version}`);
