import type { Runtime } from "node:inspector";
import type { DevTools, Group } from "./devtools.js";
import type { Listing, Variable } from "./listing.js";
import { isBookkeeping } from "./values.js";

/** Reads what objects hold, without calling code of the user, getters apart that he unfolds. */
export class Properties {
  readonly #tools: DevTools;
  readonly #listing: Listing;

  constructor(tools: DevTools, listing: Listing) {
    this.#tools = tools;
    this.#listing = listing;
  }

  /** Elements of an array, entries of a map or set: read in the user thread, without calling code of the user. */
  async slice(
    group: Group,
    { objectId, subtype }: Runtime.RemoteObject,
    parent: string | undefined,
    start: number,
    count: number,
  ): Promise<Variable[]> {
    const { result } = await this.#tools.ask<Runtime.CallFunctionOnReturnType>("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: subtype === "map" || subtype === "set" ? entriesOf : elementsOf,
      arguments: [{ value: start }, { value: count }, { value: subtype === "map" }],
      objectGroup: group,
      silent: true,
    });
    const isArray = subtype === "array" || subtype === "typedarray";
    const own = await this.#own(group, result.objectId, false);
    return own.variables.map(({ evaluateName: _, ...variable }) => {
      const within = isArray && parent !== undefined ? { evaluateName: `${parent}[${variable.name}]` } : {};
      return { ...variable, ...within };
    });
  }
  /** All but elements; `withoutIndices`: those are listed apart. */
  async named(
    group: Group,
    remote: Runtime.RemoteObject,
    parent: string | undefined,
    withoutIndices: boolean,
  ): Promise<Variable[]> {
    const { variables, internal } = await this.#own(group, remote.objectId, withoutIndices, parent);
    const inherited = remote.subtype === undefined ? await this.#inherited(group, remote) : [];
    const own = remote.subtype === "proxy" ? [] : variables;
    return [...own, ...inherited, ...internal];
  }

  async #own(
    group: Group,
    objectId: string | undefined,
    nonIndexedPropertiesOnly: boolean,
    parent?: string,
  ): Promise<{ variables: Variable[]; internal: Variable[] }> {
    const found = await this.#tools.ask<Runtime.GetPropertiesReturnType>("Runtime.getProperties", {
      objectId,
      ownProperties: true,
      generatePreview: true,
      nonIndexedPropertiesOnly,
    });
    const variables = found.result
      .filter(({ name, isOwn }) => isOwn !== false && name !== "__proto__" && !isBookkeeping(name))
      .flatMap((property) => this.#property(group, objectId, property, memberName(parent, property)));
    // Not in the types of Node's inspector.
    const { privateProperties = [] } = found as { privateProperties?: Runtime.PropertyDescriptor[] };
    const secret = privateProperties.flatMap((property) => this.#property(group, objectId, property, undefined));
    const internal = (found.internalProperties ?? [])
      .filter(({ name }) => shownInternals.has(name))
      .flatMap(({ name, value }) => (value ? [this.#listing.variable(group, { name, remote: value })] : []));
    return { variables: [...variables, ...secret], internal };
  }

  /** Getters that the class defines: they belong to what the user sees of an object. */
  async #inherited(group: Group, { objectId, className }: Runtime.RemoteObject): Promise<Variable[]> {
    if (className === "Object" || className === "Function") return [];
    const { result } = await this.#tools.ask<Runtime.GetPropertiesReturnType>("Runtime.getProperties", {
      objectId,
      ownProperties: false,
      accessorPropertiesOnly: true,
    });
    const getters = result.filter(({ name, isOwn, get }) => isOwn === false && name !== "__proto__" && get?.objectId);
    return getters.flatMap((property) => this.#property(group, objectId, property, undefined));
  }

  #property(
    group: Group,
    owner: string | undefined,
    { name, value, get, set }: Omit<Runtime.PropertyDescriptor, "configurable" | "enumerable">,
    evaluateName: string | undefined,
  ): Variable[] {
    const named = evaluateName === undefined ? {} : { evaluateName };
    if (value) return [this.#listing.variable(group, { name, remote: value, ...named })];
    if (!get?.objectId) return set?.objectId ? [{ name, value: "(setter)", ...named, variablesReference: 0 }] : [];
    const variablesReference = this.#listing.add(group, () => this.#get(group, name, owner, get));
    return [{ name, value: "(getter)", ...named, variablesReference }];
  }

  /** Unfolding a getter calls it. */
  async #get(group: Group, name: string, owner: string | undefined, getter: Runtime.RemoteObject): Promise<Variable[]> {
    const { result, exceptionDetails } = await this.#tools.ask<Runtime.CallFunctionOnReturnType>(
      "Runtime.callFunctionOn",
      {
        objectId: owner,
        functionDeclaration: "function (getter) { return Reflect.apply(getter, this, []); }",
        arguments: [{ objectId: getter.objectId }],
        objectGroup: group,
        generatePreview: true,
        silent: true,
      },
    );
    return [this.#listing.variable(group, { name: exceptionDetails ? `${name} threw` : name, remote: result })];
  }
}

const shownInternals = new Set([
  "[[Target]]",
  "[[Handler]]",
  "[[PromiseState]]",
  "[[PromiseResult]]",
  "[[PrimitiveValue]]",
  "[[TargetFunction]]",
  "[[BoundThis]]",
  "[[BoundArgs]]",
  "[[GeneratorState]]",
]);

const elementsOf = `function (start, count) {
  const found = Object.create(null);
  for (let index = start; index < start + count; index++) {
    const property = Object.getOwnPropertyDescriptor(this, index);
    if (property) Object.defineProperty(found, index, property);
  }
  return found;
}`;

const entriesOf = `function (start, count, isMap) {
  const found = Object.create(null);
  const entries = (isMap ? Map.prototype.entries : Set.prototype.values).call(this);
  const next = Object.getPrototypeOf(entries).next;
  for (let index = 0; index < start + count; index++) {
    const { done, value } = next.call(entries);
    if (done) break;
    if (index >= start) found[index] = isMap ? { key: value[0], value: value[1] } : value;
  }
  return found;
}`;

function memberName(parent: string | undefined, { name, symbol }: Runtime.PropertyDescriptor): string | undefined {
  if (parent === undefined || symbol) return undefined;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
    ? `${parent}.${name}`
    : `${parent}[${JSON.stringify(name)}]`;
}
