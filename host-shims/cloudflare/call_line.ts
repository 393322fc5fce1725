// Calls of one cell, as a front sends them: one batch at a time, and what comes meanwhile is the
// next batch.
//
//   request A:  call --> [A] ------------------> answers        A leads: it sends at once
//   request B:  call ----+                       +-- B leads -> [B C] --> answers
//   request C:  call ----+--- waits -------------+                  `---> C
//
// A call to an object costs several times what a webhook costs in it, and so does a commit that is
// made durable alone. So under load a batch of calls shares both; without load each goes at once.
//
// I/O belongs to the request that began it. A batch is sent by one of the requests that it is for,
// and a promise that one request resolves goes on in the request that waits for it: the platform
// does so by its flag `handle_cross_request_promise_resolution`. A request that leads may be gone
// before its batch is answered, or before it takes its turn. So each that waits has a timer of its
// own: it takes a turn that nobody uses, and gives up in the end. What became of a call that was
// sent is then unknown, which is never a 2xx.

import { ERROR_OVERLOADED, ERROR_UNKNOWN_OUTCOME } from "../shared/abi.ts";
import type { Bytes } from "../shared/frames.ts";
import { outcome } from "../shared/platform.ts";
import type { Outcome } from "../shared/platform.ts";

export interface LineLimits {
  /** Of one batch: at least one call, whatever its size. */
  readonly batchCalls: number;
  readonly batchBytes: number;
  /** Of all that wait. */
  readonly lineCalls: number;
  readonly lineBytes: number;
  /** After this a turn that is not used is somebody else's. */
  readonly turnMs: number;
  /** After this a call is given up. */
  readonly callMs: number;
}

export const LINE_LIMITS: LineLimits = {
  batchCalls: 64,
  batchBytes: 256 * 1024,
  lineCalls: 2048,
  lineBytes: 16 * 1024 * 1024,
  turnMs: 3000,
  callMs: 25_000,
};

/** Sends one batch. Never rejects; the answers are in the order of the frames. */
export type SendBatch = (frames: readonly Bytes[]) => Promise<readonly Outcome[]>;

type Said = Outcome | "lead";

interface Waiting {
  readonly frame: Bytes;
  readonly say: (said: Said) => void;
}

export class CallLine {
  readonly #send: SendBatch;
  readonly #limits: LineLimits;
  readonly #line: Waiting[] = [];
  #lineBytes = 0;
  /** Who leads, by number: a leader that is overtaken does not hand on what is not its own. */
  #leader = 0;
  #isLed = false;
  #ledSince = 0;

  constructor(send: SendBatch, limits: LineLimits = LINE_LIMITS) {
    this.#send = send;
    this.#limits = limits;
  }

  async call(frame: Bytes): Promise<Outcome> {
    const { lineCalls, lineBytes, turnMs } = this.#limits;
    if (!this.#isLed || Date.now() - this.#ledSince >= turnMs) return this.#lead(frame);
    if (this.#line.length >= lineCalls || this.#lineBytes + frame.length > lineBytes) {
      return outcome(ERROR_OVERLOADED);
    }
    const said = await this.#wait(frame);
    return said === "lead" ? this.#lead(frame) : said;
  }

  #wait(frame: Bytes): Promise<Said> {
    const { turnMs, callMs } = this.#limits;
    const since = Date.now();
    return new Promise<Said>((resolve) => {
      const look = (): void => {
        const now = Date.now();
        const waits = this.#line.includes(waiting);
        const isTurnUnused = now - this.#ledSince >= turnMs;
        if (!(waits && isTurnUnused) && now - since < callMs) {
          timer = setTimeout(look, turnMs);
          return;
        }
        if (waits) this.#leave(waiting);
        if (waits && isTurnUnused) resolve("lead");
        else resolve(outcome(waits ? ERROR_OVERLOADED : ERROR_UNKNOWN_OUTCOME));
      };
      let timer = setTimeout(look, turnMs);
      const say = (said: Said): void => {
        clearTimeout(timer);
        resolve(said);
      };
      const waiting: Waiting = { frame, say };
      this.#line.push(waiting);
      this.#lineBytes += frame.length;
    });
  }

  async #lead(own: Bytes): Promise<Outcome> {
    const self = ++this.#leader;
    this.#isLed = true;
    this.#ledSince = Date.now();
    const followers = this.#batchAfter(own);
    const answers = await this.#send([own, ...followers.map(({ frame }) => frame)]);
    followers.forEach(({ say }, at) => say(answers[at + 1] ?? outcome(ERROR_UNKNOWN_OUTCOME)));
    if (this.#leader === self) this.#handOn();
    return answers[0] ?? outcome(ERROR_UNKNOWN_OUTCOME);
  }

  #batchAfter(own: Bytes): Waiting[] {
    const { batchCalls, batchBytes } = this.#limits;
    let bytes = own.length;
    let count = 0;
    for (const { frame } of this.#line) {
      bytes += frame.length;
      if (count + 1 >= batchCalls || bytes > batchBytes) break;
      count += 1;
      this.#lineBytes -= frame.length;
    }
    return this.#line.splice(0, count);
  }

  #handOn(): void {
    const next = this.#line.shift();
    this.#isLed = next !== undefined;
    if (next === undefined) return;
    this.#lineBytes -= next.frame.length;
    this.#ledSince = Date.now();
    next.say("lead");
  }

  #leave(waiting: Waiting): void {
    this.#line.splice(this.#line.indexOf(waiting), 1);
    this.#lineBytes -= waiting.frame.length;
  }
}
