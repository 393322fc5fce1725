// Node, Deno and Bun, for verifying alone: the smaller module, read when it is first needed.

import { readFileSync } from "node:fs";

import { functionOf } from "./shared.ts";
import { createVerifierOnly } from "./verifier.ts";

export { createVerifierOnly as createVerifier } from "./verifier.ts";
export type * from "./types.ts";

const MODULE = new URL("./sluice_verify.wasm", import.meta.url);

/** Nothing has to be waited for here; for code that runs in browsers as well. */
export async function init(): Promise<void> {}

export const { verify } = functionOf(
  () => createVerifierOnly(new WebAssembly.Module(readFileSync(MODULE))));
