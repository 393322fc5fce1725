// The requests of a cell, each where there is room: six that the object makes itself, then six in
// each courier, then a line.
//
// Where receivers answer at once, six are enough, and a courier would only take the processor's
// time: it is for requests that would wait. It is opened for the first of them and closed after the
// last. One that does not open costs nothing but room: its requests wait in the object's line
// instead. What became of a request whose courier failed is not known, which is what a connection
// that broke is as well.

import { fetchOnce } from "../shared/fetch.ts";
import { Limiter } from "../shared/limiter.ts";
import { FAULT_ABORTED } from "../shared/messages.ts";
import type { HttpOutcome, HttpStart } from "../shared/messages.ts";
import { within } from "../shared/within.ts";

/** What a Worker lets one invocation have waiting for an answer. */
export const CONNECTIONS_MAX = 6;
const COURIERS_MAX = 2;
/** An invocation may make 1000 requests, or 50: see `Rounds.fetch`. */
const COURIER_REQUESTS_MAX = 900;
/** Where the object's own requests take that long, none waits for one of them to end. */
const SLOW_MS = 15;
/** Of what they take, the last one counts for an eighth. */
const WEIGHT = 1 / 8;
/** Otherwise one waits that long: those before it may have met a receiver that hangs. */
const WAIT_MS = 100;
/** After a courier did not open, or could make no more requests, none is opened for as long. */
const PAUSE_MS = 10_000;
/** A courier opens at once, and answers at a request's deadline at the latest: or it is lost. */
const LOST_MS = 5000;
const UNANSWERED = "a courier does not answer";

/** An open courier. */
export interface Carrier {
  /** Null: it has not made the request, and will make no other. Rejects when it is gone. */
  fetch(request: HttpStart): Promise<HttpOutcome | null>;
  close(): void;
}

export interface ConnectionsOptions {
  /** Absent: the object's own six are all. */
  readonly open: (() => Promise<Carrier>) | undefined;
  /** What the object itself makes. */
  readonly fetch?: typeof fetchOnce;
  /** Told why a courier did not open. */
  readonly failed: (error: unknown) => void;
}

interface Opened {
  /** Undefined where it did not open. */
  readonly carrier: Promise<Carrier | undefined>;
  running: number;
  made: number;
}

export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #fetch: typeof fetchOnce;
  readonly #own = new Limiter(CONNECTIONS_MAX);
  readonly #opened = new Set<Opened>();
  #pausedUntil = 0;
  /** What the object's own requests take. */
  #ownMs = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#fetch = options.fetch ?? fetchOnce;
  }

  /** How many requests may be under way. More are taken, and wait. */
  get max(): number {
    return CONNECTIONS_MAX * (this.#options.open === undefined ? 1 : 1 + COURIERS_MAX);
  }

  /** Never rejects. What a courier makes goes on when `signal` aborts, until its own deadline. */
  async fetch(request: HttpStart, signal: AbortSignal): Promise<HttpOutcome> {
    if (!(await this.#hasRoom())) {
      if (signal.aborted) return { fault: FAULT_ABORTED, maybeSeen: false };
      const courier = this.#courier();
      const carried = courier === undefined ? null : await this.#carry(courier, request);
      if (carried !== null) return carried;
      await this.#own.enter();
    }
    const since = Date.now();
    try {
      return await this.#fetch(request, signal);
    } finally {
      this.#ownMs += (Date.now() - since - this.#ownMs) * WEIGHT;
      this.#own.leave();
    }
  }

  /** True when the object makes the request itself: it has entered. */
  async #hasRoom(): Promise<boolean> {
    if (this.#own.tryEnter()) return true;
    if (this.#options.open === undefined || this.#ownMs >= SLOW_MS) return false;
    return this.#own.enter(WAIT_MS);
  }

  #courier(): Opened | undefined {
    for (const opened of this.#opened) {
      if (opened.running < CONNECTIONS_MAX && opened.made < COURIER_REQUESTS_MAX) return opened;
    }
    const { open } = this.#options;
    const mayOpen = this.#opened.size < COURIERS_MAX && Date.now() >= this.#pausedUntil;
    if (open === undefined || !mayOpen) return undefined;
    const carrier = within(LOST_MS, UNANSWERED, open()).catch((error: unknown) => {
      this.#options.failed(error);
      return undefined;
    });
    const opened = { carrier, running: 0, made: 0 };
    this.#opened.add(opened);
    return opened;
  }

  /** Null where the request was not made. */
  async #carry(opened: Opened, request: HttpStart): Promise<HttpOutcome | null> {
    opened.running += 1;
    opened.made += 1;
    const carrier = await opened.carrier;
    let made: HttpOutcome | null = null;
    try {
      if (carrier !== undefined) {
        made = await within(request.timeoutMs + LOST_MS, UNANSWERED, carrier.fetch(request));
      }
      if (made === null) this.#retire(opened);
    } catch {
      made = { fault: FAULT_ABORTED, maybeSeen: true };
      this.#retire(opened);
    }
    opened.running -= 1;
    if (opened.running === 0) {
      this.#opened.delete(opened);
      carrier?.close();
    }
    return made;
  }

  /** Takes nothing more, and is closed after what it has. */
  #retire(opened: Opened): void {
    opened.made = COURIER_REQUESTS_MAX;
    this.#pausedUntil = Date.now() + PAUSE_MS;
  }
}
