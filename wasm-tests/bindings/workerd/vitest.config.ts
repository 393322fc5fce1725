import { fileURLToPath } from "node:url";

import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const built = (name: string) =>
  fileURLToPath(new URL(`../../../build/sluice-webhooks/${name}`, import.meta.url));

export default defineConfig({
  plugins: [
    cloudflareTest({
      miniflare: {
        compatibilityDate: "2026-10-01",
        modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
      },
    }),
  ],
  resolve: {
    alias: {
      "sluice-webhooks/verify": built("verify_workerd.js"),
      "sluice-webhooks": built("workerd.js"),
    },
  },
  test: {
    name: "library in workerd",
    include: ["wasm-tests/bindings/workerd/*.test.ts"],
    root: fileURLToPath(new URL("../../..", import.meta.url)),
  },
});
