// What a host takes from its environment for the core: the variables that the manifest names.

import { utf8Bytes } from "./frames.ts";
import type { Bytes } from "./frames.ts";
import type { Boot } from "./messages.ts";

/** Bodies of requests above this are refused. */
export const BODY_MAX = 1024 * 1024;

/** Each `env:NAME` in the manifest's text that the environment has as a string. */
export function environmentOf(
  manifest: string,
  variables: Readonly<Record<string, unknown>>,
): [name: string, value: string][] {
  const names = new Set([...manifest.matchAll(/env:([A-Za-z_][A-Za-z0-9_]*)/g)].map((m) => m[1]));
  const found: [string, string][] = [];
  for (const name of names) {
    if (name === undefined) continue;
    const value = variables[name];
    if (typeof value === "string") found.push([name, value]);
  }
  return found;
}

export type TrapOn = NonNullable<Boot["trapOn"]>;

/** `KIND:NEEDLE`, such as `1:/please-trap`: tests of hosts set it, products do not. */
export function trapOnOf(text: unknown): { readonly trapOn?: TrapOn } {
  const parts = typeof text === "string" ? /^([0-9]+):(.*)$/s.exec(text) : null;
  if (parts === null) return {};
  return { trapOn: { kind: Number(parts[1]), needle: parts[2] ?? "" } };
}

export function manifestBytes(manifest: string): Bytes {
  return utf8Bytes(manifest);
}
