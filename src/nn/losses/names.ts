import { byName } from "../by-name.js";
import { binaryCrossEntropy } from "./binary-cross-entropy.js";
import { contrastive } from "./contrastive.js";
import { cosineEmbedding } from "./cosine-embedding.js";
import { crossEntropy } from "./cross-entropy.js";
import { ctc } from "./ctc.js";
import { dice } from "./dice.js";
import { focal } from "./focal.js";
import { gaussianNll } from "./gaussian-nll.js";
import { hinge } from "./hinge.js";
import { huber } from "./huber.js";
import { infoNce } from "./info-nce.js";
import { iou } from "./iou.js";
import { klDivergence } from "./kl-divergence.js";
import { logCosh } from "./log-cosh.js";
import type { Loss } from "./loss.js";
import { meanAbsoluteError } from "./mean-absolute-error.js";
import { meanSquaredError } from "./mean-squared-error.js";
import { multiMargin } from "./multi-margin.js";
import { ntXent } from "./nt-xent.js";
import { perplexity } from "./perplexity.js";
import { poissonNll } from "./poisson-nll.js";
import { quantile } from "./quantile.js";
import { smoothL1 } from "./smooth-l1.js";
import { triplet } from "./triplet.js";

/** What makes each loss; a name alone stands for it with its defaults. */
const makers = {
  crossEntropy,
  binaryCrossEntropy,
  focal,
  hinge,
  multiMargin,
  klDivergence,
  perplexity,
  meanSquaredError,
  meanAbsoluteError,
  huber,
  smoothL1,
  logCosh,
  quantile,
  poissonNll,
  gaussianNll,
  cosineEmbedding,
  contrastive,
  infoNce,
  ntXent,
  triplet,
  ctc,
  dice,
  iou,
} as const;

/** The losses that have a name: all of the library's, each with its defaults. */
export type LossName = keyof typeof makers;
export const lossNames = Object.keys(makers) as LossName[];

/** The loss with this name, always the same one; a function is its own loss. Throws ValueError. */
export const loss = byName<LossName, Loss>("loss", "nn.losses", makers);
