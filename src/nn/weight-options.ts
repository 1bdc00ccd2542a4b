/** What every layer with weights may be told about them. */
import type { Initial } from "./initializers/initial.js";
import { checkInitial, type InitialName } from "./initializers/initial-names.js";
import { checkRegularizer, type Regularizer } from "./regularizer.js";

/** How a layer's weight begins, and what it costs. */
export interface WeightOptions {
  /** What `weight` starts with: the name of one of `nn.init`, one of them called, or a function of your own. */
  readonly initial?: InitialName | Initial;
  /** What `weight` adds to the loss in training: `nn.l2(1e-4)`. Default: nothing. */
  readonly regularizer?: Regularizer;
}

/** The same for layers that have a bias. */
export interface BiasedWeightOptions extends WeightOptions {
  /** What `bias` starts with. */
  readonly biasInitial?: InitialName | Initial;
}

/** The names of these options. */
export const weightOptions = ["initial", "regularizer"] as const;
export const biasedWeightOptions = [...weightOptions, "biasInitial"] as const;

/** Throws ValueError unless each that is given can be what its name says: `…initial` or `…regularizer`, small or capital. */
export function checkWeightOptions(what: string, options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (/initial$/i.test(name)) checkInitial(`${what}: ${name}`, value);
    if (/regularizer$/i.test(name)) checkRegularizer(`${what}: ${name}`, value);
  }
}
