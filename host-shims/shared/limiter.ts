// At most `max` at a time; the rest wait in the order in which they came.

export class Limiter {
  readonly #max: number;
  readonly #line: (() => void)[] = [];
  #running = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** True when there was room: whoever enters leaves. */
  tryEnter(): boolean {
    if (this.#running >= this.#max) return false;
    this.#running += 1;
    return true;
  }

  /** Waits for room, for `ms` at most where that is given; false where there was none by then. */
  async enter(ms?: number): Promise<boolean> {
    if (this.tryEnter()) return true;
    return new Promise<boolean>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => {
        const at = this.#line.indexOf(turn);
        if (at >= 0) this.#line.splice(at, 1);
        resolve(false);
      }, ms);
      const turn = (): void => {
        if (timer !== undefined) clearTimeout(timer);
        resolve(true);
      };
      this.#line.push(turn);
    });
  }

  leave(): void {
    const next = this.#line.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }
}
