import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "node",
    include: ["wasm-tests/node/*.test.ts"],
    root: fileURLToPath(new URL("../..", import.meta.url)),
  },
});
