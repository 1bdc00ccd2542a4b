/** Writes docs/worlds.png: node dist/test/src/data/worlds/write-sheet.js */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../root.js";
import { sheet } from "./sheet.js";

writeFileSync(join(root, "docs/worlds.png"), sheet());
