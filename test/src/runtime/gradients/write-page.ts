/** Writes docs/gradients.md: node dist/test/src/runtime/gradients/write-page.js */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../root.js";
import { gradientsPage } from "./page.js";

writeFileSync(join(root, "docs/gradients.md"), gradientsPage());
