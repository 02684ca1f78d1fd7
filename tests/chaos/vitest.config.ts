import { defineConfig } from "vitest/config";
import type { ViteUserConfig } from "vitest/config";

/** Slow, and alone on the machine: not part of `npm test`. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["tests/chaos/*.chaos.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 60_000,
    disableConsoleIntercept: true,
  },
});

export default config;
