// Writes the files that are made from code: some under docs/, and the bytes of assembly/. Needs a build (npm run build) first.
//   node scripts/generate.mjs            writes them
//   node scripts/generate.mjs --check    writes nothing; exit code 1 when one of them would change
import { readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const built = (module) => import(new URL(`../dist/${module}`, import.meta.url).href);
const source = (path) => readFileSync(join(root, path), "utf8");
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** Every generated file, and how its text is made. */
const files = [
  {
    path: "docs/schema/experiment.schema.json",
    render: async () => json((await built("config/index.js")).configJsonSchema()),
  },
  {
    path: "docs/schema/search-space.schema.json",
    render: async () => json((await built("space/index.js")).searchSpaceJsonSchema()),
  },
  {
    path: "docs/openapi.json",
    render: async () =>
      json((await built("server/index.js")).openApiDocument((await built("manager/version.js")).version)),
  },
  { path: "docs/config.md", render: async () => (await built("config/index.js")).configPage() },
  {
    path: "src/tuners/numeric/wasm-bytes.ts",
    render:
      async () => `// Made from assembly/kernels.ts by scripts/generate.mjs: a WebAssembly module with SIMD, in base64.
export const wasmBytes: string =
  "${Buffer.from(await compile("assembly/kernels.ts")).toString("base64")}";
`,
  },
];

/** The bytes of a WebAssembly module; they depend on nothing but the source and the compiler's version. */
async function compile(path) {
  let bytes;
  const options = [
    "-O3",
    "--converge",
    "--runtime",
    "stub",
    "--noAssert",
    "--enable",
    "simd",
    "--use",
    "abort=",
  ];
  const { error, stderr } = await asc.main([path, "--outFile", "kernels.wasm", ...options], {
    readFile: (name) => (name === path ? source(path) : null),
    writeFile: (_, written) => (bytes = written),
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`${path} does not compile: ${stderr.toString()}`);
  return bytes;
}

const check = process.argv.includes("--check");
for (const { path, render } of files) {
  const text = await render();
  const before = await readFile(join(root, path), "utf8").catch(() => undefined);
  if (text === before) continue;
  if (check) {
    console.error(`${path} is not up to date: run "npm run build && npm run generate" and commit it`);
    process.exitCode = 1;
    continue;
  }
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  console.log(`wrote ${path}`);
}
