// Browsers, and runtimes that are not known, for verifying alone: the smaller module, which has to
// be fetched first.

import { compiled, present } from "./fetched.ts";
import type { ModuleSource } from "./fetched.ts";
import { functionOf } from "./shared.ts";
import type { VerifierOnly } from "./types.ts";
import { createVerifierOnly } from "./verifier.ts";

export { createVerifierOnly as createVerifier } from "./verifier.ts";
export type { ModuleSource } from "./fetched.ts";
export type * from "./types.ts";

let made: VerifierOnly | undefined;

/**
 * Fetches and compiles the module, once. Without `source` it is fetched from beside this file.
 *
 * @throws TypeError where the response is none of a module.
 */
export async function init(source?: ModuleSource): Promise<void> {
  if (made !== undefined) return;
  const beside = new URL("./sluice_verify.wasm", import.meta.url);
  made = createVerifierOnly(await compiled(beside, source));
}

export const { verify } = functionOf(() => present(made));
