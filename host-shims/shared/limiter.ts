// At most `max` at a time; the rest wait in the order in which they came.

export class Limiter {
  readonly #max: number;
  readonly #line: (() => void)[] = [];
  #running = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** What comes now would wait. */
  get isFull(): boolean {
    return this.#running >= this.#max;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.isFull) await new Promise<void>((turn) => this.#line.push(turn));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
