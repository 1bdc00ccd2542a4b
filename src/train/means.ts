/** The mean loss and metrics over batches, weighted by their numbers of examples. */
export class Means {
  #examples = 0;
  #loss = 0;
  readonly #metrics: number[];
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#metrics = names.map(() => 0);
  }

  add(examples: number, loss: number, metrics: readonly number[]): void {
    this.#examples += examples;
    this.#loss += loss * examples;
    for (let index = 0; index < metrics.length; index++) this.#metrics[index]! += metrics[index]! * examples;
  }

  /** Sums so far: of the examples, the loss, each metric. */
  get sums(): number[] {
    return [this.#examples, this.#loss, ...this.#metrics];
  }

  /** Goes on from sums as {@link sums} told them. */
  restore([examples, loss, ...metrics]: readonly number[]): void {
    this.#examples = examples!;
    this.#loss = loss!;
    metrics.forEach((sum, index) => {
      this.#metrics[index] = sum;
    });
  }

  get loss(): number {
    return this.#loss / this.#examples;
  }

  get metrics(): Record<string, number> {
    return named(
      this.#names,
      this.#metrics.map((sum) => sum / this.#examples),
    );
  }
}

/** Values under their names. */
export function named(names: readonly string[], values: readonly number[]): Record<string, number> {
  return Object.fromEntries(names.map((name, index) => [name, values[index]!]));
}
