import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something is so, however busy the machine is; throws after ten seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (const start = performance.now(); !holds(); await sleep(5)) {
    if (performance.now() - start > 10_000) throw new Error(`waited ten seconds for ${what}`);
  }
}
