/** Times a run from when it begins, or goes on. */
export class Clock {
  readonly #start = performance.now();
  #last = this.#start;
  #examples = 0;
  #milliseconds = 0;

  /** Milliseconds so far. */
  get elapsed(): number {
    return performance.now() - this.#start;
  }

  /** Leaves the time since the last tick out of the throughput. */
  skip(): void {
    this.#last = performance.now();
  }

  /** A step has ended. The throughput is that of the last twenty steps or so. */
  tick(examples: number): { elapsed: number; throughput: number } {
    const now = performance.now();
    const fade = 0.95;
    this.#examples = this.#examples * fade + examples;
    this.#milliseconds = this.#milliseconds * fade + Math.max(now - this.#last, 1e-3);
    this.#last = now;
    return { elapsed: now - this.#start, throughput: (this.#examples / this.#milliseconds) * 1000 };
  }
}
