import { inspect } from "node:util";

/** What Node 20 hangs on a promise while somebody follows asynchronous contexts, as the kernel does. */
const bookkeeping = new Set(["async_id_symbol", "trigger_async_id_symbol", "kResourceStore"]);

/** From now on `inspect` shows of promises what is the user's, as newer Nodes do. */
export function showPromisesPlainly(): void {
  Object.defineProperty(Promise.prototype, inspect.custom, {
    configurable: true,
    writable: true,
    value: function look(this: Promise<unknown>): Promise<unknown> {
      for (const key of Object.getOwnPropertySymbols(this)) {
        if (bookkeeping.has(key.description ?? "")) Reflect.defineProperty(this, key, { enumerable: false });
      }
      // The same value again means: go on as if there were no such function.
      return this;
    },
  });
}
