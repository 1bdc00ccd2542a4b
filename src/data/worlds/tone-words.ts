import { numberIn } from "../../tensor/arguments.js";
import type { Random } from "../../tensor/random.js";
import { between } from "./canvas.js";
import { Generated } from "./generated.js";
import { speak } from "./speech.js";
import { makeWorld, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link toneWords} takes. Default sizes: 2,000 and 500. */
export interface ToneWordsOptions<N extends number = number> extends WorldOptions {
  /** Samples of a recording, 8,000 a second: from 2,000. Default 4,000, half a second. */
  readonly samples?: N;
  /** How much louder the word is than the noise around it, in decibels, on average: from −20. Default 15. */
  readonly signalToNoise?: number;
}

/** Words, of sounds that {@link speak} knows. Each comes with its reverse, so that what sounds are in it does not tell. */
const words = ["ai", "ia", "au", "ua", "iu", "ui", "sa", "as", "si", "is"] as const;

/**
 * Ten short words, spoken by a machine of formants as in Klatt 1980: vowels /a/, /i/, /u/ with the formants of Peterson and Barney 1952,
 * glides between them, and the hiss /s/. Each word comes with its reverse: the order of the sounds tells them apart, not which they
 * are. Voices differ in pitch (80 … 260 Hz), length of the vocal tract (formants × 0.85 … 1.2) and tempo; begin, loudness and noise
 * vary (3 dB around `signalToNoise`; white and hum). x: [samples], −1 … 1, at 8,000 Hz; y: the word, each as often. Throws ValueError.
 */
export function toneWords<const N extends number = 4000>(
  options: ToneWordsOptions<N> = {},
): World<Generated<readonly [N]>> {
  const { samples = 4000 as N, signalToNoise = 15 } = options;
  wholeNumber("toneWords: samples", samples, 2_000);
  numberIn("toneWords: signalToNoise", signalToNoise, -20);
  return makeWorld("toneWords", options, ["samples", "signalToNoise"], { train: 2_000, test: 500 }, (part) => {
    return new Generated<readonly [N]>({
      ...part,
      inputShape: [samples],
      inputs: "float32",
      targetShape: [],
      targets: "int32",
      classes: words,
      label: (index) => index % words.length,
      draw(random, x, y) {
        const length = Math.round(between(random, 1_500, 1_950));
        const word = speak(random, words[y[0]]!, length);
        const begin = random.integer(samples - length + 1);
        const level = between(random, 0.05, 0.2);
        const scale = level / loudness(word);
        for (let t = 0; t < length; t++) x[begin + t] = scale * word[t]!;
        const noise = level * 10 ** (-(signalToNoise + between(random, -3, 3)) / 20);
        addNoise(random, x, noise);
      },
    });
  });
}

function loudness(signal: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < signal.length; t++) sum += signal[t]! ** 2;
  return Math.sqrt(sum / signal.length);
}

/** White noise and the hum of the mains, and no sample beyond ±1. */
function addNoise(random: Random, x: Float32Array | Int32Array, level: number): void {
  const [hum, from] = [level * random.uniform(), between(random, 0, 2 * Math.PI)];
  for (let t = 0; t < x.length; t++) {
    const value = x[t]! + level * random.normal() + hum * Math.sin((2 * Math.PI * 50 * t) / 8_000 + from);
    x[t] = Math.max(-1, Math.min(1, value));
  }
}
