// Keeps one instance of the core running: boots it for the first event, and a fresh one for the
// next event after a trap. All state that matters is in the store, so nothing else is needed.

import { Instance } from "./instance.ts";
import type { Bytes } from "./frames.ts";
import type { Platform } from "./platform.ts";

/** An idle instance whose memory has grown past this is dropped: wasm memory never shrinks. */
const MEMORY_IDLE_MAX = 16 * 1024 * 1024;

export class Supervisor {
  readonly #module: WebAssembly.Module;
  readonly #platform: Platform;
  readonly #boot: () => Bytes;
  #instance: Instance | undefined;
  #generation = 0;

  constructor(module: WebAssembly.Module, platform: Platform, boot: () => Bytes) {
    this.#module = module;
    this.#platform = platform;
    this.#boot = boot;
  }

  /** How many instances have been booted. */
  get generation(): number {
    return this.#generation;
  }

  /** Gives an idle instance's memory back. True when there is none left. */
  release(): boolean {
    if (this.#instance?.isIdle ?? true) this.#instance = undefined;
    return this.#instance === undefined;
  }

  /** Rejects with a TrapError or a RefusedError; a caller then answers 5xx, never 2xx. */
  event(kind: number, payload: Bytes, signal?: AbortSignal): Promise<Bytes> {
    try {
      return this.#current().event(kind, payload, signal);
    } catch (error) {
      return Promise.reject(error as Error);  // It does not boot.
    }
  }

  #current(): Instance {
    const running = this.#instance;
    const reusable =
      running !== undefined &&
      !running.isPoisoned &&
      !(running.isIdle && running.memoryBytes > MEMORY_IDLE_MAX);
    if (reusable) return running;
    this.#instance = undefined;
    this.#generation += 1;
    this.#instance = new Instance(this.#module, this.#platform, this.#boot());
    return this.#instance;
  }
}
