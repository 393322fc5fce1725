// Cloudflare Workers, for verifying alone: the smaller module, compiled already.

import module from "./sluice_verify.wasm";

import { functionOf } from "./shared.ts";
import { createVerifierOnly } from "./verifier.ts";

export { createVerifierOnly as createVerifier } from "./verifier.ts";
export type * from "./types.ts";

/** Nothing has to be waited for here; for code that runs in browsers as well. */
export async function init(): Promise<void> {}

export const { verify } = functionOf(() => createVerifierOnly(module));
