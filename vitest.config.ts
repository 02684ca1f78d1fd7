import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    exclude: ["tests/slow/**", "node_modules/**"],
    pool: "threads",
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
