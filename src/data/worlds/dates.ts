import { ValueError } from "../../errors.js";
import { Random } from "../../tensor/random.js";
import { checkEnough, Shuffled } from "./distinct.js";
import { Translation } from "./translation.js";
import { makeWorld, type World, type WorldOptions, wholeNumber } from "./world.js";

/** What {@link dates} takes. Default sizes: 10,000 and 1,000. */
export interface DatesOptions extends WorldOptions {
  /** The first year, from 1600. Default 1900. */
  readonly from?: number;
  /** The last year, to 9999. Default 2099. */
  readonly to?: number;
}

const day = 86_400_000;
const months = "January February March April May June July August September October November December".split(" ");
const weekdays = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** A day of the Gregorian calendar in the ways that {@link dates} writes it. */
export function dateForms(date: Date): string[] {
  const [year, month, number] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const [name, weekday] = [months[month]!, weekdays[date.getUTCDay()]!];
  const short = name.slice(0, 3);
  const two = (value: number) => String(value).padStart(2, "0");
  return [
    `the ${ordinal(number)} of ${name} ${year}`,
    `${name} ${number}, ${year}`,
    `${name} ${ordinal(number)}, ${year}`,
    `${number} ${name} ${year}`,
    `${number} ${short} ${year}`,
    `${short} ${number} ${year}`,
    `${weekday}, ${number} ${name} ${year}`,
    `${weekday}, ${name} ${ordinal(number)}, ${year}`,
    `${weekday.slice(0, 3)} ${two(number)} ${short} ${year}`,
    `${two(number)}.${two(month + 1)}.${year}`,
    `${number}.${month + 1}.${year}`,
    `${month + 1}/${number}/${year}`,
    `${year} ${short} ${two(number)}`,
  ];
}

function ordinal(number: number): string {
  const teens = number > 10 && number < 14;
  const ending = teens ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${ending}`;
}

/**
 * Dates as people write them, to be brought into the form of ISO 8601: `the 3rd of May 1994` → `1994-05-03`. Thirteen forms, each as
 * likely: with dots the day comes first, with slashes the month; a fourth of them in small letters. Days are even from the first of
 * `from` to the last of `to`, each occurs once, in one half of the world only. See {@link Translation} for the form. Throws
 * ValueError, also where there are fewer days than are asked for.
 */
export function dates(options: DatesOptions = {}): World<Translation> {
  const { from = 1900, to = 2099, seed = 0 } = options;
  wholeNumber("dates: from", from, 1600, 9999);
  wholeNumber("dates: to", to, 1600, 9999);
  if (from > to) throw new ValueError({ what: "dates: from", expected: `a year up to ${to}`, got: `${from}` });
  const first = Date.UTC(from, 0, 1);
  const days = Math.round((Date.UTC(to + 1, 0, 1) - first) / day);
  const sizes = { train: Math.min(10_000, Math.floor(days * 0.8)), test: Math.min(1_000, Math.floor(days * 0.2)) };
  const { train = sizes.train, test = sizes.test } = options;
  const letters = ["the of stndrdth", ...months, ...weekdays].join("");
  const source = [...new Set(`0123456789.,/ ${letters}${letters.toLowerCase()}`)].sort().join("");
  return makeWorld("dates", options, ["from", "to"], sizes, (part) => {
    checkEnough("dates", { train, test }, days, "days");
    const order = new Shuffled(days, seed, "dates");
    return new Translation(part, {
      characters: [source, "0123456789-"],
      longest: ["Wednesday, September 22nd, 2022".length, "2022-09-22".length],
      pair(index) {
        const random = new Random(part.seed, `${part.name} form ${index}`);
        const date = new Date(first + order.at(part.from + index) * day);
        const forms = dateForms(date);
        const text = forms[random.integer(forms.length)]!;
        return [random.uniform() < 0.25 ? text.toLowerCase() : text, date.toISOString().slice(0, 10)];
      },
    });
  });
}
