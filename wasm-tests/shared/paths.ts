// Where the build leaves the modules under test.

import { fileURLToPath } from "node:url";

const lane = process.env["SLUICE_WASM_LANE"] ?? "build/wasi";
const path = (name: string): string =>
  fileURLToPath(new URL(`../../${lane}/${name}`, import.meta.url));

export const PROBE: string = path("probe.wasm");
export const PRODUCT: string = path("sluice.wasm");
