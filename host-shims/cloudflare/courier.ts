// Requests beyond the six that one invocation may have waiting for an answer.
//
//   cell ---- fetch -------------------------> receivers   six of its own
//        ---- open, fetch --> a courier -----> receivers   six more in each invocation
//
// Calls of a Worker's own entrypoints are not of the six. But one request may lead to at most 32
// invocations: so a courier is kept while it has anything to do, and makes many requests. Both
// limits: developers.cloudflare.com/workers/platform/limits, "Simultaneous open connections", and
// /workers/runtime-apis/bindings/service-bindings, "Limits".

import { RpcTarget, WorkerEntrypoint } from "cloudflare:workers";

import { NOT_MADE, fetchOnce } from "../shared/fetch.ts";
import type { HttpOutcome, HttpStart } from "../shared/messages.ts";

/** What an object sees of a courier, and of its rounds. */
export interface CourierRpc {
  open(): Promise<Pick<Rounds, "fetch"> & Disposable>;
}

/** The entrypoint. One call of `open` is one invocation: it lasts while its result is held. */
export class Courier extends WorkerEntrypoint {
  open(): Rounds {
    return new Rounds();
  }
}

/** Requests that share an invocation; those under way end when the caller lets go of it. */
export class Rounds extends RpcTarget {
  readonly #ended = new AbortController();

  /** Null: this invocation may make no more requests, and has not made this one. */
  async fetch(request: HttpStart): Promise<HttpOutcome | null> {
    const made = await fetchOnce(request, this.#ended.signal);
    return made === NOT_MADE ? null : made;
  }

  [Symbol.dispose](): void {
    this.#ended.abort(new Error("nobody waits"));
  }
}
