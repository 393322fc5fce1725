import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "product",
    include: ["wasm-tests/worker/*.test.ts"],
    root: fileURLToPath(new URL("../..", import.meta.url)),
    testTimeout: 60_000,
  },
});
