import type { Project } from "../../modules/tsconfig.js";
import type { Module } from "./namespace.js";

/** What a file needs to run. */
export interface Surroundings {
  readonly path: string;
  /** The path as messages name it. */
  readonly shown: string;
  readonly exports: Module;
  readonly project: Project["options"];
  readonly require: NodeJS.Require;
  /** Nearest `package.json`'s `type`. */
  readonly type: string | undefined;
  readonly meta: object;
  import(specifier: unknown): Promise<Module>;
  /** To be called when exports of this module got another value. */
  changed(): void;
}

/** A file, ready to run. */
export interface Body {
  /** What it imports statically. */
  readonly specifiers: readonly string[];
  /** One for each of these: takes its namespace, again whenever an export changes. */
  readonly setters: readonly ((namespace: Module) => void)[];
  /** It has a top-level `await`. */
  readonly waits: boolean;
  execute(): void | Promise<void>;
  /** The same without waiting, where that is possible in another way: for `require`. */
  executeNow?(): void;
  /** `module` of a CommonJS file. */
  readonly commonjs?: { exports: unknown };
}
