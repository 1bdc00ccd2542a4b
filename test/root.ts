import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder; compiled tests lie in `dist/test`. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
