// The Worker: the core's module, a manifest, and the three exports that the platform asks for.

import module from "../../build/wasi/sluice.wasm";
import { defineWorker } from "../../host-shims/cloudflare/index.ts";
import manifest from "../sluice.json";

const worker = defineWorker({ module, manifest });

export default worker.front;
export const Cell = worker.Cell;
export const Courier = worker.Courier;
