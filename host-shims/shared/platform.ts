// What one platform supplies to one instance of the core.
//
// An operation that has its result returns it: the core goes on at once. One that needs time
// returns a promise: the core returns to the host, and is called again when the promise settles.

import { ERROR_NO_CAP, OK } from "./abi.ts";
import { NO_BYTES } from "./frames.ts";
import type { Bytes } from "./frames.ts";
import type { HttpOutcome, HttpStart, KvCommit, KvRange, LogRecord } from "./messages.ts";

/** What an operation came to: a status of the ABI, and the frame that belongs to it. */
export interface Outcome {
  readonly status: number;
  readonly bytes: Bytes;
}

export function outcome(status: number, bytes: Bytes = NO_BYTES): Outcome {
  return { status, bytes };
}

export const DONE: Outcome = outcome(OK);

export type Answer = Outcome | Promise<Outcome>;

/**
 * What it is given are views of the core's memory, which end with the call: a store that answers
 * later copies what it needs first.
 */
export interface Kv {
  get(keys: readonly string[]): Answer;
  range(range: KvRange): Answer;
  commit(commit: KvCommit): Answer;
}

/** The store of an instance that has none: a front. */
export const NO_KV: Kv = {
  get: () => outcome(ERROR_NO_CAP),
  range: () => outcome(ERROR_NO_CAP),
  commit: () => outcome(ERROR_NO_CAP),
};

export interface Platform {
  readonly kv: Kv;
  /** Whether a promise of one event may be settled while another event is served. */
  readonly ioOwner: "request" | "instance";
  /** Never rejects; `signal` asks it to give up. */
  fetch(request: HttpStart, signal: AbortSignal): Promise<HttpOutcome>;
  call(cell: string, frame: Bytes): Promise<Outcome>;
  /** Milliseconds; clock 0 is the wall, 1 is monotonic. */
  now(clock: number): number;
  random(into: Bytes): void;
  log(level: number, record: LogRecord): void;
  metric(kind: number, name: string, value: number): void;
}
