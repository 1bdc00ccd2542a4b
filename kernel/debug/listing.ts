import type { Runtime } from "node:inspector";
import type { Group } from "./devtools.js";

/** One line of the variables panel (Debug Adapter Protocol, "Variable"). */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
  /** What an evaluation must say to get it. */
  readonly evaluateName?: string;
  /** 0: there is nothing to unfold. */
  readonly variablesReference: number;
  readonly indexedVariables?: number;
}

/** Part of the children; neither: all, as ranges when they are many. */
export interface Page {
  readonly start?: number | undefined;
  readonly count?: number | undefined;
  readonly filter?: string | undefined;
}

/** A value by its name, as V8 lists them. */
export interface Named {
  readonly name: string;
  readonly remote: Runtime.RemoteObject;
  readonly evaluateName?: string;
}

/** What is behind a line, read when it is unfolded. */
export type Lister = (page: Page) => Promise<Variable[]>;

/** Makes lines of values. */
export interface Listing {
  variable(group: Group, named: Named): Variable;
  /** A new number for something to unfold. */
  add(group: Group, list: Lister): number;
}
