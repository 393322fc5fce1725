// Picks the headers that a scheme reads out of whatever holds a request's headers.
//
// Every occurrence is passed on: to refuse a repeated header, it has to be seen.

import type { HeadersLike } from "./types.ts";

/** A header to pass on: by its number among the names that the scheme reads, or by its name. */
export const NAMED = 0xffffffff;

/** Parallel lists that are filled again for every request. */
export class Picked {
  readonly numbers: number[] = [];
  readonly names: string[] = [];
  readonly values: string[] = [];
  count = 0;

  clear(): void {
    this.count = 0;
  }

  add(number: number, name: string, value: string): void {
    this.numbers[this.count] = number;
    this.names[this.count] = name;
    this.values[this.count] = value;
    this.count += 1;
  }
}

function isGettable(headers: HeadersLike): headers is Extract<HeadersLike, { get: unknown }> {
  return typeof (headers as { get?: unknown }).get === "function";
}

function addOne(picked: Picked, names: readonly string[], name: string, value: unknown): void {
  if (typeof value !== "string") {
    if (value === undefined || value === null) return;
    if (Array.isArray(value)) {
      for (const one of value) addOne(picked, names, name, one);
      return;
    }
    value = String(value);
  }
  for (let i = 0; i < names.length; ++i) {
    const wanted = names[i] as string;
    if (wanted.length !== name.length) continue;
    if (wanted === name || wanted === name.toLowerCase()) {
      picked.add(i, name, value as string);
      return;
    }
  }
}

function addAny(picked: Picked, name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value) addAny(picked, name, one);
  } else {
    picked.add(NAMED, name.toLowerCase(), String(value));
  }
}

/** Those of `names`, which are in lower case. */
export function pick(picked: Picked, headers: HeadersLike, names: readonly string[]): void {
  picked.clear();
  if (Array.isArray(headers)) {
    for (const [name, value] of headers) addOne(picked, names, String(name), value);
  } else if (isGettable(headers)) {
    for (let i = 0; i < names.length; ++i) {
      const value = headers.get(names[i] as string);
      if (typeof value === "string") picked.add(i, "", value);
    }
  } else {
    const object = headers as Record<string, unknown>;
    for (const name in object) addOne(picked, names, name, object[name]);
  }
}

export function pickAll(picked: Picked, headers: HeadersLike): void {
  picked.clear();
  if (Array.isArray(headers)) {
    for (const [name, value] of headers) addAny(picked, String(name), value);
  } else if (isGettable(headers)) {
    for (const [name, value] of headers) addAny(picked, name, value);
  } else {
    const object = headers as Record<string, unknown>;
    for (const name in object) addAny(picked, name, object[name]);
  }
}
