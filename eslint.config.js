// The borders between rooms (docs/architecture.md, "The house") are held here, together with a short list of chosen rules.
import tseslint from "typescript-eslint";

/** Rooms that each room may import; "node" stands for node:* modules, other bare names for packages. */
const rooms = {
  model: { rooms: [], packages: ["zod"] },
  config: { rooms: ["model", "space"], packages: ["zod", "yaml"], node: true },
  space: { rooms: ["model"], packages: ["zod"] },
  tuners: { rooms: ["model", "space"], packages: [] },
  assessors: { rooms: ["model", "space"], packages: [] },
  journal: { rooms: ["model"], packages: ["libsql"], node: true },
  training: { rooms: ["model"], packages: [], node: true },
  experiment: { rooms: ["model", "space", "journal"], packages: [], node: true },
  conformance: { rooms: ["model", "space", "training", "journal"], packages: [], node: true },
  server: {
    rooms: ["model", "space", "journal", "experiment"],
    packages: ["hono", "@hono/node-server", "zod"],
    node: true,
  },
  trial: { rooms: ["model"], packages: [], node: true },
  library: {
    rooms: ["model", "config", "space", "experiment", "journal", "tuners", "training"],
    packages: [],
    node: true,
  },
  manager: { rooms: "all", packages: ["amaro", "pino", "@hono/node-server"], node: true },
  client: { rooms: ["model"], packages: [] },
  cli: {
    rooms: ["model", "space", "journal", "config", "client", "manager"],
    packages: ["commander", "yaml"],
    node: true,
  },
};
const allRooms = Object.keys(rooms);

function border(room, rule) {
  const mayImport = rule.rooms === "all" ? allRooms : [room, ...rule.rooms];
  const forbiddenRooms = allRooms.filter((other) => !mayImport.includes(other));
  const patterns = [
    ...forbiddenRooms.map((other) => ({
      regex: `^(\\.\\./)+${other}/`,
      message: `${room}/ may not import ${other}/: see docs/architecture.md, "The house".`,
    })),
    { regex: `^(\\.\\./)+index\\.(ts|js)$`, message: "Import the room, not the package's front door." },
  ];
  const packages = rule.packages.map((name) => name.replace(/[/.]/g, "\\$&")).join("|");
  const bareAllowed = [packages, rule.node ? "node:" : ""].filter(Boolean).join("|");
  patterns.push({
    regex: bareAllowed ? `^(?!\\.)(?!(${bareAllowed}))` : "^(?!\\.)",
    message: `${room}/ may import only these packages: ${rule.packages.join(", ") || "none"}${rule.node ? ", node:*" : ""}.`,
  });
  return {
    files: [`src/${room}/**/*.ts`],
    ignores: ["src/**/*.test.ts"],
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
}

/** Training services know nothing of each other. */
const services = ["local", "function", "ssh", "slurm", "openpai", "ray"];
const serviceBorders = services.map((service) => ({
  files: [`src/training/${service}/**/*.ts`],
  ignores: ["src/**/*.test.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${[...services.filter((other) => other !== service), ...allRooms.filter((room) => room !== "model" && room !== "training")].join("|")})/`,
            message: "A training service imports only model/ and the interface in training/.",
          },
        ],
      },
    ],
  },
}));

/** Clock, randomness and ids are arguments in these rooms. */
const pureRooms = ["model", "space", "tuners", "assessors", "experiment"];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "coverage", "bench/results", "assembly", "**/*.d.ts"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "max-params": ["error", 4],
      "max-lines-per-function": ["warn", { max: 60, skipBlankLines: true, skipComments: true }],
      "max-lines": ["warn", { max: 400, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      eqeqeq: "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["**/*.test.ts", "tests/chaos/**", "bench/**", "scripts/**", "src/conformance/**"],
    rules: { "max-lines-per-function": "off", "max-lines": "off", "no-console": "off" },
  },
  { files: ["src/cli/**", "examples/**"], rules: { "no-console": "off" } },
  ...Object.entries(rooms).map(([room, rule]) => border(room, rule)),
  ...serviceBorders,
  {
    files: pureRooms.map((room) => `src/${room}/**/*.ts`),
    ignores: ["src/**/*.test.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: "Randomness is an argument.",
        },
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: "The clock is an argument.",
        },
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: "The clock is an argument.",
        },
      ],
    },
  },
);
