/** Does the whole text match, with `*` for any characters and `?` for one? In time of length × length at worst. */
export function matches(text: string, pattern: string): boolean {
  let at = 0;
  let wanted = 0;
  /** The latest star, and up to where it reaches so far. */
  let star = -1;
  let reach = 0;
  while (at < text.length) {
    const sign = pattern[wanted];
    if (sign === "*") {
      star = wanted++;
      reach = at;
    } else if (sign === "?") {
      wanted += 1;
      at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    } else if (sign === text[at]) {
      wanted += 1;
      at += 1;
    } else if (star >= 0) {
      wanted = star + 1;
      at = ++reach;
    } else {
      return false;
    }
  }
  while (pattern[wanted] === "*") wanted += 1;
  return wanted === pattern.length;
}
