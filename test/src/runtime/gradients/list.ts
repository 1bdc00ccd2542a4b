/** Every operation of `tf`, in the order of the alphabet. */
import { convolutions } from "./convolutions.js";
import { elementwise } from "./elementwise.js";
import { losses } from "./losses.js";
import { movement } from "./movement.js";
import { networks } from "./networks.js";
import type { Differentiable, Operation, Other } from "./operation.js";
import { withoutGradient } from "./others.js";
import { picking } from "./picking.js";
import { reductions } from "./reductions.js";
import { spectra } from "./spectra.js";

const all: readonly Operation[] = [
  ...convolutions,
  ...elementwise,
  ...losses,
  ...movement,
  ...networks,
  ...picking,
  ...reductions,
  ...spectra,
  ...withoutGradient,
];

/** The one list that the tests and the page of gradients are made of. */
export const operations: readonly Operation[] = all.toSorted((a, b) => a.name.localeCompare(b.name, "en"));

/** Those that can be derived. */
export const differentiable: readonly Differentiable[] = operations.filter((operation) => "uses" in operation);

/** Those that cannot. */
export const others: readonly Other[] = operations.filter((operation) => "reason" in operation);
