// What a Worker runs: the module of the core, and the manifest that it is given.

import type { Boot } from "../shared/messages.ts";
import { BODY_MAX, environmentOf, manifestBytes, trapOnOf } from "../shared/settings.ts";
import type { Bindings } from "./platform.ts";

export interface Core {
  readonly module: WebAssembly.Module;
  /** The text of sluice.json, where the binding SLUICE_MANIFEST has none. */
  readonly manifest: string;
}

type Shared = Pick<Boot, "manifest" | "environment" | "bodyMax" | "trapOn">;

/** What fronts and cells are told alike. */
export function bootOf(core: Core, bindings: Bindings): Shared {
  const variables = { ...bindings } as Readonly<Record<string, unknown>>;
  const given = variables["SLUICE_MANIFEST"];
  const manifest = typeof given === "string" ? given : core.manifest;
  return {
    manifest: manifestBytes(manifest),
    environment: environmentOf(manifest, variables),
    bodyMax: BODY_MAX,
    ...trapOnOf(variables["SLUICE_TRAP_ON"]),
  };
}
