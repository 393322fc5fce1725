// Cloudflare Workers: the module is imported, compiled already.

import module from "./sluice_webhooks.wasm";

import { functionsOf } from "./shared.ts";
import { createVerifier } from "./verifier.ts";

export { createVerifier } from "./verifier.ts";
export type * from "./types.ts";

const shared = functionsOf(() => createVerifier(module));

/** Nothing has to be waited for here; for code that runs in browsers as well. */
export async function init(): Promise<void> {
  shared.presets();
}

export const { verify, sign, handshake, presets } = shared;
