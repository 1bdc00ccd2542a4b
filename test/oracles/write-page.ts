/** Writes docs/oracles.md: node dist/test/oracles/write-page.js */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.js";
import { oraclesPage } from "./page.js";

writeFileSync(join(root, "docs/oracles.md"), oraclesPage());
