import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Cells } from "../cells.js";

/** A notebook in a folder of its own, whose files tests write, change and import. */
export class Folder {
  readonly cells = new Cells();
  readonly path = this.cells.directory;

  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true });
      writeFileSync(join(this.path, name), content);
    }
  }

  /** The value of a cell that must run. */
  async value(code: string): Promise<unknown> {
    const ran = await this.cells.run(code);
    assert.equal(ran.error, undefined, `${code}\n${ran.error?.traceback.join("\n")}\n${ran.js}`);
    return ran.value;
  }

  /** The traceback of a cell that must fail, without colours. */
  async error(code: string): Promise<string> {
    const ran = await this.cells.run(code);
    assert.ok(ran.error, `expected an error of ${code}, got ${String(ran.value)}`);
    return stripVTControlCharacters([ran.error.evalue, ...ran.error.traceback].join("\n"));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
