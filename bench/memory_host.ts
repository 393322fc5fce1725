// Sluice in one process with its store in memory: the front and its cells, by the product's own
// Supervisor and Instance. Nothing here waits for a disk or a socket, so what a webhook costs is
// the core and the shim.

import {
  CAP_ALARM,
  CAP_MULTI_COMMIT,
  CAP_SINGLE_OWNER,
  CAP_SYNC,
  CLOCK_WALL,
  CONFLICT,
  EVENT_HTTP,
  EVENT_RPC,
  OK,
} from "../host-shims/shared/abi.ts";
import type { Bytes } from "../host-shims/shared/frames.ts";
import {
  FAULT_CONNECT,
  readHttpResponse,
  writeBoot,
  writeHttpRequest,
  writeKvConflict,
  writeKvGetResult,
  writeKvRangeResult,
} from "../host-shims/shared/messages.ts";
import type {
  Boot,
  InboundRequest,
  KvCommit,
  KvEntry,
  KvRange,
  OutboundResponse,
} from "../host-shims/shared/messages.ts";
import { DONE, NO_KV, outcome } from "../host-shims/shared/platform.ts";
import type { Kv, Outcome, Platform } from "../host-shims/shared/platform.ts";
import { RandomPool } from "../host-shims/shared/random_pool.ts";
import { environmentOf, manifestBytes } from "../host-shims/shared/settings.ts";
import { Supervisor } from "../host-shims/shared/supervisor.ts";

const BODY_MAX = 1024 * 1024;
const CELL_CAPABILITIES = CAP_MULTI_COMMIT | CAP_SINGLE_OWNER | CAP_SYNC | CAP_ALARM;

/** Rows in a map. A range sorts all keys: it is for opening a cell, not for what is measured. */
export class MemoryKv implements Kv {
  readonly #rows = new Map<string, KvEntry>();
  #version = 0;
  /** How often the core has asked, by name. */
  readonly calls = { get: 0, range: 0, commit: 0, put: 0 };

  get(keys: readonly string[]): Outcome {
    this.calls.get += 1;
    return outcome(OK, writeKvGetResult(keys.map((key) => this.#rows.get(key))));
  }

  range(range: KvRange): Outcome {
    this.calls.range += 1;
    const keys = [...this.#rows.keys()].filter((key) => key >= range.lo && key < range.hi).sort();
    if (range.reverse) keys.reverse();
    const page = keys.slice(0, range.limit);
    const rows = page.map((key) => ({ key, ...(this.#rows.get(key) as KvEntry) }));
    const last = range.reverse ? page.at(-1) : keys[range.limit];
    return outcome(OK, writeKvRangeResult(rows, keys.length > range.limit ? last : undefined));
  }

  commit(commit: KvCommit): Outcome {
    this.calls.commit += 1;
    for (const [index, { key, version }] of commit.checks.entries()) {
      if (!this.#holds(key, version)) return outcome(CONFLICT, writeKvConflict(index));
    }
    const version = new Uint8Array(8);
    new DataView(version.buffer).setFloat64(0, ++this.#version, true);
    for (const { key, value } of commit.mutations) {
      this.calls.put += 1;
      if (value === undefined) this.#rows.delete(key);
      else this.#rows.set(key, { value: value.slice(), version });  // What came is borrowed.
    }
    return DONE;
  }

  #holds(key: string, version: Bytes | undefined): boolean {
    const stored = this.#rows.get(key)?.version;
    if (stored === undefined || version === undefined) return stored === version;
    return stored.length === version.length && stored.every((byte, at) => byte === version[at]);
  }
}

export interface MemoryHostOptions {
  readonly module: WebAssembly.Module;
  readonly manifest: string;
  readonly variables: Readonly<Record<string, string>>;
}

export class MemoryHost {
  readonly #options: MemoryHostOptions;
  readonly #front: Supervisor;
  readonly #cells = new Map<string, Supervisor>();
  readonly kv = new Map<string, MemoryKv>();

  constructor(options: MemoryHostOptions) {
    this.#options = options;
    this.#front = new Supervisor(options.module, this.#platform(NO_KV, "request"), () =>
      writeBoot(this.bootOf("front", "")),
    );
  }

  async request(request: InboundRequest): Promise<OutboundResponse> {
    return readHttpResponse(await this.#front.event(EVENT_HTTP, writeHttpRequest(request)));
  }

  bootOf(role: Boot["role"], cell: string): Boot {
    const { manifest, variables } = this.#options;
    return {
      role,
      cell,
      capabilities: role === "front" ? 0 : CELL_CAPABILITIES,
      httpInFlightMax: 6,
      storeBytesMax: 2 ** 33,
      bodyMax: BODY_MAX,
      manifest: manifestBytes(manifest),
      environment: environmentOf(manifest, variables),
    };
  }

  #cell(name: string): Supervisor {
    let cell = this.#cells.get(name);
    if (cell === undefined) {
      const kv = new MemoryKv();
      this.kv.set(name, kv);
      cell = new Supervisor(this.#options.module, this.#platform(kv, "instance"), () =>
        writeBoot(this.bootOf("cell", name)),
      );
      this.#cells.set(name, cell);
    }
    return cell;
  }

  #platform(kv: Kv, ioOwner: Platform["ioOwner"]): Platform {
    const pool = new RandomPool((into) => void crypto.getRandomValues(into));
    return {
      kv,
      ioOwner,
      fetch: async () => ({ fault: FAULT_CONNECT, maybeSeen: false }),
      call: async (cell, frame) => outcome(OK, await this.#cell(cell).event(EVENT_RPC, frame)),
      now: (clock) => (clock === CLOCK_WALL ? Date.now() : performance.now()),
      random: (into) => pool.draw(into),
      log: () => undefined,
      metric: () => undefined,
    };
  }
}
