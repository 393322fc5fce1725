// Browsers, and runtimes that are not known: the module has to be fetched first.

import { compiled, present } from "./fetched.ts";
import type { ModuleSource } from "./fetched.ts";
import { functionsOf } from "./shared.ts";
import type { Verifier } from "./types.ts";
import { createVerifier } from "./verifier.ts";

export { createVerifier } from "./verifier.ts";
export type { ModuleSource } from "./fetched.ts";
export type * from "./types.ts";

let made: Verifier | undefined;

/**
 * Fetches and compiles the module, once. Without `source` it is fetched from beside this file.
 *
 * @throws TypeError where the response is none of a module.
 */
export async function init(source?: ModuleSource): Promise<void> {
  if (made !== undefined) return;
  const beside = new URL("./sluice_webhooks.wasm", import.meta.url);
  made = createVerifier(await compiled(beside, source));
}

export const { verify, sign, handshake, presets } = functionsOf(() => present(made));
