import { fileURLToPath } from "node:url";

import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

import { PROBE } from "../shared/paths.ts";

export default defineConfig({
  plugins: [
    cloudflareTest({
      main: fileURLToPath(new URL("worker.ts", import.meta.url)),
      miniflare: {
        compatibilityDate: "2026-10-01",
        modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
        durableObjects: { CELL: { className: "Cell", useSQLite: true } },
      },
    }),
  ],
  resolve: { alias: { "sluice/probe.wasm": PROBE } },
  test: {
    name: "workerd",
    include: ["wasm-tests/workerd/*.test.ts"],
    root: fileURLToPath(new URL("../..", import.meta.url)),
  },
});
