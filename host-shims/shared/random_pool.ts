// Strong randomness in small pieces: the platform is asked for a page at a time.
//
// The core draws a few bytes for each id. What has been handed out is cleared, so that the pool
// never holds a byte that is in use.

import type { Bytes } from "./frames.ts";

const PAGE = 2048;
/** Larger draws go to the platform; it takes at most 65,536 bytes at a time. */
const PIECE_MAX = 64;
const PLATFORM_MAX = 65_536;

export class RandomPool {
  readonly #fill: (into: Bytes) => void;
  readonly #page: Bytes = new Uint8Array(PAGE);
  #next = PAGE;

  constructor(fill: (into: Bytes) => void) {
    this.#fill = fill;
  }

  draw(into: Bytes): void {
    if (into.length > PIECE_MAX) return this.#draw(into);
    if (this.#next + into.length > PAGE) {
      this.#draw(this.#page);
      this.#next = 0;
    }
    const end = this.#next + into.length;
    into.set(this.#page.subarray(this.#next, end));
    this.#page.fill(0, this.#next, end);
    this.#next = end;
  }

  #draw(into: Bytes): void {
    for (let at = 0; at < into.length; at += PLATFORM_MAX) {
      this.#fill(into.subarray(at, at + PLATFORM_MAX));
    }
  }
}
