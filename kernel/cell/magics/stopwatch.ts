import { types } from "node:util";
import { duration } from "./duration.js";

/** Wall and CPU time since it was made. */
export class Stopwatch {
  readonly #start = performance.now();
  readonly #cpu = process.cpuUsage();

  /** Prints the times. `value`: what the code came to. */
  report(value: unknown): void {
    const wall = performance.now() - this.#start;
    const { user, system } = process.cpuUsage(this.#cpu);
    const hint = types.isPromise(value) ? "\nIt came to a promise: put await before it to time its work." : "";
    console.log(
      `CPU times: user ${duration(user / 1000)}, sys ${duration(system / 1000)}, total ${duration((user + system) / 1000)}\nWall time: ${duration(wall)}${hint}`,
    );
  }
}
