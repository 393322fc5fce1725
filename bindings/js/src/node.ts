// Node, Deno and Bun: the module is a file, read when it is first needed.

import { readFileSync } from "node:fs";

import { functionsOf } from "./shared.ts";
import { createVerifier } from "./verifier.ts";

export { createVerifier } from "./verifier.ts";
export type * from "./types.ts";

const MODULE = new URL("./sluice_webhooks.wasm", import.meta.url);

const shared = functionsOf(() => createVerifier(new WebAssembly.Module(readFileSync(MODULE))));

/** Nothing has to be waited for here; for code that runs in browsers as well. */
export async function init(): Promise<void> {
  shared.presets();
}

export const { verify, sign, handshake, presets } = shared;
