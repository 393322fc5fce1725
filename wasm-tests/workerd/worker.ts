// The probe engine as a Worker.

import module from "sluice/probe.wasm";

import { defineWorker } from "../../host-shims/cloudflare/index.ts";

const worker = defineWorker({ module, manifest: "{}" });

export default worker.front;
export const Cell = worker.Cell;
export const Courier = worker.Courier;
