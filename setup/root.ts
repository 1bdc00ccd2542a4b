import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder: what was cloned. The compiled set-up lies in `dist/setup`. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** A file that set-up brings along: `bring("locks", "requirements.lock")`. */
export function bring(...names: string[]): string {
  return join(root, "setup", ...names);
}
