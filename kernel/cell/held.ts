/**
 * What `using` and `await using` at the top of a cell hold; disposed at the end of the cell, last first (ECMAScript proposal
 * "Explicit Resource Management", DisposeResources). Needs nothing of V8, which knows `using` only from Node 24 on.
 */
export class Held {
  readonly #disposals: (() => unknown)[] = [];
  #failure: { readonly error: unknown } | undefined;

  /** Takes a resource and gives it back. Throws TypeError for what cannot be disposed. */
  add<T>(value: T, isAsync = false): T {
    if (value === null || value === undefined) return value;
    const resource = value as unknown as Disposable & AsyncDisposable;
    const dispose = (isAsync ? resource[Symbol.asyncDispose] : undefined) ?? resource[Symbol.dispose];
    if (typeof dispose !== "function") {
      const method = isAsync ? "[Symbol.asyncDispose]()" : "[Symbol.dispose]()";
      throw new TypeError(`using: expected a value with a method ${method}, got one without`);
    }
    this.#disposals.push(() => Reflect.apply(dispose, value, []));
    return value;
  }

  /** The cell threw. */
  fail(error: unknown): void {
    this.#failure = { error: this.#failure ? suppressed(error, this.#failure.error) : error };
  }

  /** Disposes of everything; then throws what went wrong in the cell or here. */
  async dispose(): Promise<void> {
    for (const dispose of this.#disposals.reverse()) {
      try {
        await dispose();
      } catch (error) {
        this.fail(error);
      }
    }
    if (this.#failure) throw this.#failure.error;
  }
}

function suppressed(error: unknown, before: unknown): Error {
  const all = new AggregateError([error, before], "An error was suppressed while resources were disposed of.");
  return Object.assign(all, { name: "SuppressedError", error, suppressed: before });
}
