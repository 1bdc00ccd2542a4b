import type { Runtime } from "node:inspector";
import { DebugError } from "./dap.js";
import type { DevTools, Group } from "./devtools.js";
import type { Lister, Listing, Named, Page, Variable } from "./listing.js";
import { Properties } from "./properties.js";
import { hasChildren, show } from "./values.js";

/** Children shown without a page; more are shown as ranges. */
const most = 100;

/** What the front end may unfold, by the numbers it was given. */
export class Variables implements Listing {
  readonly #tools: DevTools;
  readonly #properties: Properties;
  readonly #listers = new Map<number, { readonly group: Group; readonly list: Lister }>();
  #last = 0;

  constructor(tools: DevTools) {
    this.#tools = tools;
    this.#properties = new Properties(tools, this);
  }

  /** Throws DebugError for a number that was never given or is outdated. */
  async list(reference: number, page: Page): Promise<Variable[]> {
    const found = this.#listers.get(reference);
    if (!found) {
      throw new DebugError(`variables: expected a variablesReference of this stop, got ${reference}. List them again.`);
    }
    return found.list(page);
  }

  /** A new number for something to unfold. */
  add(group: Group, list: Lister): number {
    this.#last += 1;
    this.#listers.set(this.#last, { group, list });
    return this.#last;
  }

  /** Lets go of a stop's or a listing's values. */
  release(group: Group): void {
    for (const [reference, entry] of this.#listers) if (entry.group === group) this.#listers.delete(reference);
    this.#tools.tell("Runtime.releaseObjectGroup", { objectGroup: group });
  }

  /** A value as a line; its children are read when they are asked for. */
  variable(group: Group, { name, remote, evaluateName }: Named): Variable {
    const counts = hasChildren(remote) ? countsOf(remote) : {};
    const variablesReference = hasChildren(remote)
      ? this.add(group, (page) => this.#children(group, remote, evaluateName, page))
      : 0;
    return {
      name,
      ...show(remote),
      ...(evaluateName === undefined ? {} : { evaluateName }),
      variablesReference,
      ...counts,
    };
  }

  /** Many lines: a page of them, or ranges to unfold. */
  async paged(group: Group, names: readonly Named[], page: Page): Promise<Variable[]> {
    const slice = (start: number, end: number): Variable[] =>
      names.slice(start, end).map((named) => this.variable(group, named));
    return this.#ranges(group, names.length, page, async (start, count) => slice(start, start + count), "named");
  }

  async #children(
    group: Group,
    remote: Runtime.RemoteObject,
    parent: string | undefined,
    page: Page,
  ): Promise<Variable[]> {
    const { indexedVariables = 0 } = countsOf(remote);
    const isProxy = remote.subtype === "proxy";
    const indexed = async (): Promise<Variable[]> => {
      if (indexedVariables === 0 || page.filter === "named") return [];
      const slice = (start: number, count: number): Promise<Variable[]> =>
        this.#properties.slice(group, remote, parent, start, count);
      return this.#ranges(group, indexedVariables, page, slice, "indexed");
    };
    const named = async (): Promise<Variable[]> => {
      if (page.filter === "indexed") return [];
      const found = await this.#properties.named(group, remote, parent, indexedVariables > 0 || isProxy);
      const { start = 0, count } = page.filter === "named" || indexedVariables === 0 ? page : {};
      if (count) return found.slice(start, start + count);
      return found.length > 10 * most ? this.#fold(group, found) : found;
    };
    return [...(await indexed()), ...(await named())];
  }

  /** Ranges of ranges, so that a million elements are a hundred lines at every level. */
  async #ranges(
    group: Group,
    length: number,
    { start = 0, count }: Page,
    slice: (start: number, count: number) => Promise<Variable[]>,
    kind: "indexed" | "named",
  ): Promise<Variable[]> {
    if (count) return slice(start, Math.min(count, Math.max(0, length - start)));
    if (kind === "named" ? length <= 10 * most : length <= most) return slice(0, length);
    return this.#split(group, 0, length, slice);
  }

  #split(
    group: Group,
    from: number,
    length: number,
    slice: (start: number, count: number) => Promise<Variable[]>,
  ): Variable[] {
    let step = most;
    while (step * most < length) step *= most;
    return Array.from({ length: Math.ceil(length / step) }, (_, index) => {
      const start = from + index * step;
      const count = Math.min(step, from + length - start);
      const list: Lister = async () => (count > most ? this.#split(group, start, count, slice) : slice(start, count));
      return { name: `[${start}…${start + count - 1}]`, value: "", variablesReference: this.add(group, list) };
    });
  }

  #fold(group: Group, found: readonly Variable[]): Variable[] {
    return this.#split(group, 0, found.length, async (start, count) => found.slice(start, start + count));
  }
}

/** How many elements or entries V8 says there are: `Array(3)`, `Map(2)`. */
function countsOf({ subtype, description }: Runtime.RemoteObject): { indexedVariables?: number } {
  if (!["array", "typedarray", "map", "set"].includes(subtype ?? "")) return {};
  const digits = /\((\d+)\)$/.exec(description ?? "")?.[1];
  return digits === undefined ? {} : { indexedVariables: Number(digits) };
}
