import type { Random } from "../../tensor/random.js";
import { between } from "./canvas.js";

/** Samples a second. */
const rate = 8_000;

/** First three formants in Hz, of men on average (Peterson and Barney 1952, table II). */
const vowels: Readonly<Record<string, readonly [number, number, number]>> = {
  a: [730, 1090, 2440],
  i: [270, 2290, 3010],
  u: [300, 870, 2240],
};
/** Their bandwidths in Hz (Klatt 1980). */
const widths = [60, 90, 150] as const;
/** How strong they are beside each other. */
const strengths = [1, 0.6, 0.4] as const;
/** How strong the hiss is before the resonators, so that it is about as loud as the vowels. */
const hissing = 0.5;
/** The place of the hiss, of which 4 kHz leave the lower edge. */
const hiss = [2_600, 3_300, 3_700] as const;

/** A letter's formants, and whether the voice sounds. */
function sound(letter: string) {
  const formants = vowels[letter];
  return { formants: formants ?? hiss, voice: formants === undefined ? 0 : 1 };
}

/**
 * A word of two sounds out of a, i, u and s, `length` samples at 8,000 Hz, as a new voice says it: a train of pulses, or noise, goes
 * through three resonators side by side (Klatt 1980), which glide from the first sound to the second.
 */
export function speak(random: Random, word: string, length: number): Float64Array {
  const [first, second] = [sound(word[0]!), sound(word[1]!)];
  const tract = between(random, 0.85, 1.2);
  const [pitch, fall] = [between(random, 80, 260), between(random, -0.25, 0.15)];
  const [middle, glide] = [between(random, 0.38, 0.62), between(random, 0.06, 0.16)];
  const out = new Float64Array(length);
  const memory = new Float64Array(6);
  let phase = random.uniform();
  for (let t = 0; t < length; t++) {
    const time = t / length;
    const share = 1 / (1 + Math.exp(-(time - middle) / (glide / 4)));
    const voice = first.voice + share * (second.voice - first.voice);
    phase += (pitch * (1 + fall * time)) / rate;
    let pulse = 0;
    if (phase >= 1) {
      phase -= 1;
      pulse = 8;
    }
    const source = voice * pulse + (0.1 * voice + hissing * (1 - voice)) * random.normal();
    let value = 0;
    for (let formant = 0; formant < 3; formant++) {
      const from = first.formants[formant]!;
      const place = (from + share * (second.formants[formant]! - from)) * (voice > 0.5 ? tract : 1);
      value +=
        strengths[formant]! *
        resonate(memory, formant, source, Math.min(place, 3_800), widths[formant]! / Math.max(voice, 0.15));
    }
    // It swells and dies away within a twentieth of a second.
    const edge = Math.min(1, t / 400, (length - t) / 400);
    out[t] = value * edge;
  }
  return out;
}

/** One resonator of two poles with gain 1 at its place. */
function resonate(memory: Float64Array, formant: number, input: number, place: number, width: number): number {
  const radius = Math.exp((-Math.PI * width) / rate);
  const cosine = Math.cos((2 * Math.PI * place) / rate);
  const b = 2 * radius * cosine;
  const c = -radius * radius;
  // What the poles make of their own frequency, roughly: (1 − r) times the distance to the mirrored pole.
  const gain = (1 - radius) * Math.sqrt(1 - 2 * radius * Math.cos((4 * Math.PI * place) / rate) + radius * radius);
  const at = 2 * formant;
  const value = gain * input + b * memory[at]! + c * memory[at + 1]!;
  memory[at + 1] = memory[at]!;
  memory[at] = value;
  return value;
}
