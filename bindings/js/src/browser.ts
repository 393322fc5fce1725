// Browsers, and runtimes that are not known: the module has to be fetched first.

import { functionsOf } from "./shared.ts";
import type { Verifier } from "./types.ts";
import { createVerifier } from "./verifier.ts";

export { createVerifier } from "./verifier.ts";
export type * from "./types.ts";

let made: Verifier | undefined;

const shared = functionsOf(() => {
  if (made === undefined) throw new Error("sluice: await init() before the first call");
  return made;
});

/**
 * Fetches and compiles the module, once. Without `source` it is fetched from beside this file.
 *
 * @throws TypeError where the response is none of a module.
 */
export async function init(
  source?: WebAssembly.Module | BufferSource | Response | Promise<Response>,
): Promise<void> {
  if (made !== undefined) return;
  if (source instanceof WebAssembly.Module) {
    made = createVerifier(source);
    return;
  }
  const from = await (source ?? fetch(new URL("./sluice_verify.wasm", import.meta.url)));
  if (!(from instanceof Response)) {
    made = createVerifier(await WebAssembly.compile(from));
    return;
  }
  if (!from.ok) throw new TypeError(`sluice: the module could not be fetched: ${from.status}`);
  made = createVerifier(await WebAssembly.compile(await from.arrayBuffer()));
}

export const { verify, sign, handshake, presets } = shared;
