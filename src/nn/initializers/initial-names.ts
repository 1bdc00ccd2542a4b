/** First weights that are chosen by name, or by a function. */
import { ValueError } from "../../errors.js";
import { oneOf } from "../../tensor/arguments.js";
import * as init from "./init.js";
import type { Initial } from "./initial.js";

/** Those that need no number, by their names. */
const named = {
  zeros: init.zeros,
  ones: init.ones,
  uniform: init.uniform,
  normal: init.normal,
  truncatedNormal: init.truncatedNormal,
  glorotUniform: init.glorotUniform,
  glorotNormal: init.glorotNormal,
  heUniform: init.heUniform,
  heNormal: init.heNormal,
  lecunUniform: init.lecunUniform,
  lecunNormal: init.lecunNormal,
  orthogonal: init.orthogonal,
  identity: init.identity,
};

/** The name of one of `nn.init`. */
export type InitialName = keyof typeof named;

/** Throws ValueError unless it is the name of one of these, or a function that fills a weight. */
export function checkInitial(what: string, given: unknown): void {
  if (given === undefined) return;
  const makers: readonly unknown[] = Object.values(init);
  if (typeof given !== "function") oneOf(what, given, Object.keys(named));
  else if (makers.includes(given)) throw uncalled(what, given.name);
}

function uncalled(what: string, name: string): ValueError {
  const hint = `Call it: nn.init.${name}().`;
  return new ValueError({ what, expected: "a function that fills a weight", got: `${name} itself`, hint });
}

/** What fills a weight, by its name or as it is. */
export function initialOf(given: InitialName | Initial): Initial {
  return typeof given === "function" ? given : named[given]();
}
