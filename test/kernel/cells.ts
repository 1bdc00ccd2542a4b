import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { evaluate, type Scope } from "../../kernel/cell/evaluate.js";
import { makeImporter } from "../../kernel/cell/imports.js";
import { CellMagics } from "../../kernel/cell/magics/magics.js";
import { installStackTraces } from "../../kernel/cell/stack.js";
import { toCellError } from "../../kernel/cell/traceback.js";
import { Notebook } from "../../kernel/language/notebook.js";
import type { CellError } from "../../kernel/threads.js";

/** The folders of all notebooks of this process. */
const root = mkdtempSync(join(tmpdir(), "nabla-cells-"));
process.once("exit", () => rmSync(root, { recursive: true, force: true }));

/** What came of a cell. */
export interface Ran {
  readonly value?: unknown;
  readonly error?: CellError;
  readonly js?: string;
  /** What the user was told besides. */
  readonly notes: readonly string[];
}

/** A notebook without threads: check, emit and evaluate, one cell after the other. */
export class Cells {
  readonly directory = mkdtempSync(join(root, "notebook-"));
  readonly notebook = new Notebook(this.directory);
  readonly scope: Scope = Object.create(null) as Scope;
  readonly #importer = makeImporter(this.directory);
  #count = 0;

  constructor() {
    installStackTraces();
  }

  async run(code: string): Promise<Ran> {
    this.#count += 1;
    const checked = this.notebook.check(this.#count, this.#count, code);
    if (!checked.ok) return { error: checked.error, notes: [] };
    this.notebook.summarise();
    const { js, notes = [] } = checked.emitted;
    const { scope, directory } = this;
    const defined = new Set<string>();
    const cell = { scope, directory, defined, reset: false, clearLeftovers: () => "" };
    try {
      const result = await evaluate(checked.emitted, scope, this.#importer, defined, new CellMagics(cell));
      return result ? { value: result[0], js, notes } : { js, notes };
    } catch (error) {
      return { error: toCellError(error), js, notes };
    } finally {
      this.notebook.commit(this.#count, [...defined], cell.reset);
    }
  }
}

/** The cell has no result. */
export const nothing = Symbol("no result");

/** Notebooks by what they show: each a list of cells with their value, `nothing`, or a pattern for `ename: evalue`. */
export type Notebooks = Readonly<Record<string, readonly (readonly [code: string, expected: unknown])[]>>;

/** One test a notebook. `prepare` puts files into its folder first. */
export function testNotebooks(notebooks: Notebooks, prepare?: (directory: string) => void): void {
  for (const [name, steps] of Object.entries(notebooks)) {
    test(name, async () => {
      const cells = new Cells();
      prepare?.(cells.directory);
      for (const [code, expected] of steps) check(await cells.run(code), expected, code);
    });
  }
}

function check(ran: Ran, expected: unknown, code: string): void {
  const about = `${code}\n${ran.js ?? ""}\n${ran.error?.traceback.join("\n") ?? ""}`;
  if (isError(expected)) {
    assert.ok(ran.error, `expected an error\n${about}`);
    assert.match(`${ran.error.ename}: ${ran.error.evalue}`, expected.error);
    return;
  }
  assert.equal(ran.error, undefined, about);
  if (expected === nothing) assert.ok(!("value" in ran), about);
  else assert.deepEqual(ran.value, expected, about);
}

function isError(expected: unknown): expected is { readonly error: RegExp } {
  return typeof expected === "object" && expected !== null && (expected as { error?: unknown }).error instanceof RegExp;
}
