import { statSync } from "node:fs";
import { type CellContext, currentContext } from "../context.js";
import type { Body } from "./body.js";
import { emptyNamespace, type Module } from "./namespace.js";

/** One module of the graph: a local file, or a package that files import. */
export interface Unit {
  /** The path of a file; something else for packages. */
  readonly key: string;
  exports: Module;
  body: Body;
  /** The version of the file that was read; undefined for packages, which stay. */
  readonly stamp: string | undefined;
  readonly dependencies: Unit[];
  /** Who imports this, and takes its namespace. */
  readonly importers: Map<Unit, (namespace: Module) => void>;
  state: "new" | "linked" | "running" | "done";
  /** While it runs and waits for something. */
  pending: Promise<void> | undefined;
  /** The cell for which it runs. */
  context: CellContext | undefined;
}

/** One load: what it has read, and what it has looked at. */
interface Reading {
  readonly fresh: Unit[];
  readonly looked: Set<string>;
}

/** Where units come from. */
export interface Sources {
  /** What a specifier in a unit means; `path`: undefined for packages. */
  find(specifier: string, from: Unit): { readonly key: string; readonly path: string | undefined };
  /** Reads a unit; nothing of it runs. */
  read(unit: Unit, path: string | undefined): Body;
}

/**
 * Local modules that import each other. They run as ECMAScript says (dependencies first, cycles, top-level await), but
 * a file that changed, or that imports one that changed, is read anew when it is imported again; all others keep their
 * instance. What failed or was stopped while it ran is read anew, too.
 */
export class Graph {
  readonly #units = new Map<string, Unit>();
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Reads a file and what it imports, as far as that is not there in its present version. `importer`: who requires it. */
  load(path: string, importer?: Unit): Unit {
    const fresh: Unit[] = [];
    try {
      const unit = this.#read(path, path, { fresh, looked: new Set() });
      for (const each of fresh) each.state = "linked";
      if (importer && !importer.dependencies.includes(unit)) importer.dependencies.push(unit);
      return unit;
    } catch (error) {
      for (const each of fresh) this.#forget(each);
      throw error;
    }
  }

  /**
   * Runs a unit and what it depends on, in so far as they have not run. `now`: nothing may wait ({@link mustWait}).
   *
   * @returns a promise if some of it has to wait
   */
  run(unit: Unit, now = false): Promise<void> | undefined {
    const components = inOrder(unit);
    for (const [index, component] of components.entries()) {
      try {
        this.#start(component, now);
      } catch (error) {
        for (const each of components.slice(index).flat()) this.#forget(each);
        throw error;
      }
    }
    return unit.pending;
  }

  #start(component: readonly Unit[], now: boolean): void {
    for (const unit of component) {
      unit.state = "running";
      unit.context = currentContext();
    }
    const others = component.flatMap(({ dependencies }) => dependencies).filter((unit) => !component.includes(unit));
    const waits = others.map(({ pending }) => pending).filter((pending) => pending !== undefined);
    const finish = (): void => {
      for (const unit of component) {
        unit.state = "done";
        unit.pending = undefined;
        unit.context = undefined;
      }
    };
    const running = waits.length > 0 ? Promise.all(waits).then(() => inTurn(component, now)) : inTurn(component, now);
    if (running === undefined) {
      finish();
      return;
    }
    const pending = running.then(finish, (error: unknown) => {
      for (const unit of component) this.#forget(unit);
      throw error;
    });
    // Whoever imports it hears of a failure; it must not count as unhandled besides.
    pending.catch(() => {});
    for (const unit of component) unit.pending = pending;
  }

  #read(key: string, path: string | undefined, reading: Reading): Unit {
    const { fresh, looked } = reading;
    // Each by itself: what a file imported when it was read may have been read anew for another one since, and changed again.
    if (!looked.has(key)) this.#forgetStale(key, fresh);
    looked.add(key);
    const known = this.#units.get(key);
    if (known) return known;
    const unit: Unit = {
      key,
      exports: emptyNamespace(),
      body: nothing,
      stamp: path === undefined ? undefined : stampOf(path),
      dependencies: [],
      importers: new Map(),
      state: "new",
      pending: undefined,
      context: undefined,
    };
    this.#units.set(key, unit);
    fresh.push(unit);
    unit.body = this.#sources.read(unit, path);
    for (const [index, specifier] of unit.body.specifiers.entries()) {
      const found = this.#sources.find(specifier, unit);
      const dependency = this.#read(found.key, found.path, reading);
      const setter = unit.body.setters[index];
      unit.dependencies.push(dependency);
      if (!setter) continue;
      setter(dependency.exports);
      const before = dependency.importers.get(unit);
      dependency.importers.set(unit, (namespace) => {
        before?.(namespace);
        setter(namespace);
      });
    }
    return unit;
  }

  /** Drops what must be read anew among a unit and all that it imports; not what is being read. */
  #forgetStale(key: string, fresh: readonly Unit[]): void {
    const root = this.#units.get(key);
    if (!root || fresh.includes(root)) return;
    const all = reachable(root).filter((unit) => !fresh.includes(unit));
    const stale = new Set(all.filter((unit) => this.#units.get(unit.key) !== unit || hasChanged(unit)));
    const catches = (unit: Unit): boolean => !stale.has(unit) && unit.dependencies.some((each) => stale.has(each));
    for (let next = all.filter(catches); next.length > 0; next = all.filter(catches)) {
      for (const unit of next) stale.add(unit);
    }
    for (const unit of stale) this.#forget(unit);
  }

  #forget(unit: Unit): void {
    if (this.#units.get(unit.key) === unit) this.#units.delete(unit.key);
    for (const dependency of unit.dependencies) dependency.importers.delete(unit);
  }
}

const nothing: Body = { specifiers: [], setters: [], waits: false, execute() {} };

function reachable(root: Unit): Unit[] {
  const found = new Set([root]);
  for (const unit of found) for (const dependency of unit.dependencies) found.add(dependency);
  return [...found];
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : "gone";
}

/** Another text, or a run that was torn or abandoned. */
function hasChanged({ key, stamp, state, context }: Unit): boolean {
  if (state === "new" || (state === "running" && context?.stopped)) return true;
  return stamp !== undefined && stamp !== stampOf(key);
}

/** Runs units one after the other; a promise from the first on that has to wait. */
function inTurn(units: readonly Unit[], now: boolean): Promise<void> | undefined {
  for (const [index, { body }] of units.entries()) {
    const running = now && body.executeNow ? body.executeNow() : body.execute();
    if (running instanceof Promise) return running.then(() => inTurn(units.slice(index + 1), now));
  }
  return undefined;
}

/** The units that have not started, dependencies first; those that import each other in a circle together (Tarjan 1972). */
function inOrder(root: Unit): Unit[][] {
  const components: Unit[][] = [];
  const index = new Map<Unit, number>();
  const low = new Map<Unit, number>();
  const open: Unit[] = [];
  const order: Unit[] = [];
  const visit = (unit: Unit): number => {
    const own = index.size;
    index.set(unit, own);
    low.set(unit, own);
    open.push(unit);
    for (const dependency of unit.dependencies) {
      if (dependency.state !== "linked") continue;
      const reached = index.has(dependency)
        ? open.includes(dependency)
          ? (index.get(dependency) ?? own)
          : own
        : visit(dependency);
      low.set(unit, Math.min(low.get(unit) ?? own, reached));
    }
    order.push(unit);
    const lowest = low.get(unit) ?? own;
    if (lowest === own) {
      const members = new Set(open.splice(open.indexOf(unit)));
      components.push(order.filter((each) => members.has(each)));
    }
    return lowest;
  };
  if (root.state === "linked") visit(root);
  return components;
}

/** Would running a unit have to wait, which `require` cannot? */
export function mustWait(unit: Unit): boolean {
  const waits = ({ body, dependencies }: Unit): boolean =>
    (body.waits && !body.executeNow) || dependencies.some(({ pending }) => pending !== undefined);
  return unit.pending !== undefined || inOrder(unit).flat().some(waits);
}
