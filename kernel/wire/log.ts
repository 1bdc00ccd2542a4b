/** A log may hold so many different lines; beyond, it forgets which it had. */
const known = 256;
/** Lines that may come at once, and how many more may come a second. */
const burst = 50;
const perSecond = 1;

/**
 * A log that nobody can flood: a line that repeats is written the 1st, 1,000th, 1,000,000th … time, long ones are cut, and so are
 * floods of different lines, whose number is said later.
 *
 * @param now milliseconds on a clock that never goes back
 */
export function createLog(
  write: (line: string) => void,
  now = (): number => performance.now(),
): (text: string) => void {
  const counts = new Map<string, number>();
  let allowance = burst;
  let last = now();
  let unsaid = 0;
  return (text) => {
    const count = (counts.get(text) ?? 0) + 1;
    if (count === 1 && counts.size >= known) counts.clear();
    counts.set(text, count);
    if (!Number.isInteger(Math.log10(count) / 3)) return;
    const time = now();
    allowance = Math.min(burst, allowance + ((time - last) * perSecond) / 1000);
    last = time;
    if (allowance < 1) {
      unsaid += 1;
      return;
    }
    allowance -= 1;
    if (unsaid > 0) write(`left out ${unsaid} more of such lines`);
    unsaid = 0;
    const line = text.length > 4000 ? `${text.slice(0, 4000)}…` : text;
    write(count === 1 ? line : `${line} (${count} times so far)`);
  };
}
