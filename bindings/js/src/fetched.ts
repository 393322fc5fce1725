// A module that has to be fetched before it can be used.

/** What a module can be made of, where it is not fetched from beside the entry. */
export type ModuleSource = WebAssembly.Module | BufferSource | Response | Promise<Response>;

/** Compiles what the caller has, or what `beside` points to. */
export async function compiled(
  beside: URL, source: ModuleSource | undefined,
): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const from = await (source ?? fetch(beside));
  if (!(from instanceof Response)) return WebAssembly.compile(from);
  if (!from.ok) throw new TypeError(`sluice: the module could not be fetched: ${from.status}`);
  return WebAssembly.compile(await from.arrayBuffer());
}

/** What `init` made. */
export function present<T>(made: T | undefined): T {
  if (made === undefined) throw new Error("sluice: await init() before the first call");
  return made;
}
