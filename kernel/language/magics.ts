import ts = require("typescript");

import { nearest } from "../../src/nearest.js";
import { type Magic, magicOf, magics, shellAdvice, shellWords } from "../magics.js";
import { type CellText, readCell } from "./names.js";
import { syntaxErrors } from "./parse.js";

/** A magic in a cell. Offsets are those of the cell's text. */
export interface MagicCall {
  /** The name in the table, whatever alias the user wrote. */
  readonly name: string;
  /** `%%name`: it takes the rest of the cell. */
  readonly whole: boolean;
  /** What stands behind the name on its line and is no TypeScript. */
  readonly args: string;
  /** The `%`. */
  readonly start: number;
  /** Where its line ends. */
  readonly end: number;
  /** The rest of a cell that is not TypeScript. */
  readonly body?: string;
}

/** Something wrong with a magic. */
export interface MagicProblem {
  readonly start: number;
  readonly length: number;
  readonly text: string;
}

/** A cell with its magics taken out. */
export interface PlainCell {
  /** As long as the cell's own text, with spaces for magics: every place of the TypeScript stays where it was. */
  readonly text: string;
  readonly calls: readonly MagicCall[];
  readonly problems: readonly MagicProblem[];
}

interface Line {
  readonly start: number;
  readonly end: number;
  readonly percents: string;
  readonly word: string;
  readonly asks: boolean;
  readonly rest: string;
}

const magicLine = /^[ \t]*(%%?)([\p{L}_][\p{L}\p{N}_-]*)?(\?{0,2})([^\r\n]*)/u;
/** Magics in a cell: each costs a look of the parser at the whole text. */
const most = 100;
/** TypeScript's "Expression expected": a statement that begins with `%` lacks its left side. */
const noExpression = 1109;

/**
 * Finds a cell's magics and leaves its TypeScript. The parser decides: `%name` is a magic where a statement of the cell's
 * top level would begin, so `a\n%b`, templates and comments stay what they are. After a line without a semicolon, text that
 * would be an error as a modulo expression (syntax, or a name that is none) is a magic.
 *
 * @param isName whether the notebook has a name, which makes `a\n%name` a modulo expression
 */
export function readMagics(code: string, isName: (name: string) => boolean = () => false): PlainCell {
  if (!/^[ \t]*%/m.test(code)) return { text: code, calls: [], problems: [] };
  const reader = new Reader(code, isName);
  reader.read();
  return reader;
}

class Reader implements PlainCell {
  readonly calls: MagicCall[] = [];
  readonly problems: MagicProblem[] = [];
  readonly #isName: (name: string) => boolean;
  readonly #code: string;
  text: string;
  #parsed: CellText | undefined;

  constructor(code: string, isName: (name: string) => boolean) {
    this.#code = code;
    this.#isName = isName;
    this.text = code;
  }

  read(): void {
    const lines = linesOf(this.#code);
    const [first] = lines;
    if (first?.percents === "%%" && this.#code.slice(0, first.start).trim() === "" && this.#whole(first)) return;
    for (const line of lines) {
      if (this.text[line.start] !== "%" || !this.#isMagic(line)) continue;
      if (this.calls.length === most) {
        this.#problem(line, `%${line.word}: expected at most ${most} magics in a cell, got more. Use several cells.`);
        return;
      }
      this.#call(line);
    }
  }

  /** A cell that begins with `%%`; true when nothing of it is TypeScript. */
  #whole(line: Line): boolean {
    const { word, rest, start, end } = line;
    const magic = magicOf(word);
    const asks = line.asks || rest.trim() === "?";
    if (!asks && magic?.cell === "code") {
      this.#take(line, magic, optionsOf(magic, rest).length);
      return false;
    }
    if (asks || magic?.cell === undefined) this.#call(line);
    else {
      const body = this.#code.slice(end).replace(/^\r?\n/, "");
      this.calls.push({ name: magic.name, whole: true, args: rest.trim(), start, end, body });
    }
    this.#blank(0, this.#code.length);
    return true;
  }

  #call(line: Line): void {
    const { start, end, percents, word, rest } = line;
    const magic = magicOf(word);
    const known = percents === "%" ? magic?.line : undefined;
    if (magic && (line.asks || /^\s*\?+\s*$/.test(rest))) {
      this.calls.push({ name: "help", whole: false, args: word, start, end });
    } else if (magic && known !== undefined) {
      this.#take(line, magic, known === "code" ? optionsOf(magic, rest).length : rest.length);
      return;
    } else {
      this.#problem(line, complaint(line, magic));
    }
    this.#blank(start, end);
  }

  /** Takes the magic and so much of the rest of its line out of the text. */
  #take(line: Line, magic: Magic, length: number): void {
    const { start, end, rest } = line;
    const whole = line.percents === "%%";
    this.calls.push({ name: magic.name, whole, args: rest.slice(0, length).trim(), start, end });
    this.#blank(start, end - rest.length + length);
    const code = whole ? this.text.slice(start) : this.text.slice(start, end);
    if ((whole ? magic.cell : magic.line) !== "code") return;
    const { source } = readCell(code);
    const wrong = magic.name === "timeit" ? this.#noOption(code, source) : undefined;
    if (wrong !== undefined) {
      this.#problem(line, `${line.percents}timeit ${wrong}. Write ${line.percents}${magic.usage[1]?.slice(1)}.`);
    } else if (source.statements.length === 0) {
      const where = whole ? "in the lines below" : "behind it";
      const problem = `${line.percents}${magic.name}: expected code ${where}, got nothing. Write ${magic.usage[0]}.`;
      this.#problem(line, problem);
    }
  }

  /** What stands in the place of code and is neither that nor an option. */
  #noOption(code: string, source: ts.SourceFile): string | undefined {
    const [all, letter = "", value = "nothing"] = /^\s*--?([a-z]+)(?:[ =]*(?!\d+\s)(\S+))?/i.exec(code) ?? [];
    if (all === undefined) return undefined;
    const isWhole = code.trim() === all.trim() && value === "nothing" && !this.#isName(letter);
    if (!isWhole && syntaxErrors(source).length === 0) return undefined;
    return /^[nr]$/.test(letter)
      ? `-${letter}: expected a whole number, got ${value}`
      : `-${letter}: expected -n (loops) or -r (runs), got another option`;
  }

  #problem({ start, percents, word }: Line, text: string): void {
    this.problems.push({ start, length: percents.length + word.length, text });
  }

  #blank(start: number, end: number): void {
    const { text } = this;
    this.#parsed = undefined;
    this.text = text.slice(0, start) + text.slice(start, end).replace(/[^\r\n\u2028\u2029]/g, " ") + text.slice(end);
  }

  #isMagic({ start, end, word, percents }: Line): boolean {
    this.#parsed ??= readCell(this.text);
    const { source, declared } = this.#parsed;
    const errors = syntaxErrors(source);
    const statement = source.statements.find((each) => each.getStart(source) < start && start < each.end);
    if (!statement) return errors.some((error) => error.start === start && error.code === noExpression);
    if (percents !== "%" || magicOf(word)?.line === undefined || !isModulo(statement, source, start)) return false;
    const isError = errors.some((error) => error.start >= start && error.start <= end);
    const names = this.#isName(word) || declared.has(word);
    return (isError || !names) && syntaxErrors(readCell(this.text.slice(0, start)).source).length === 0;
  }
}

function linesOf(code: string): Line[] {
  const lines: Line[] = [];
  for (const found of code.matchAll(/^.*$/gm)) {
    const match = magicLine.exec(found[0]);
    if (!match) continue;
    const [all, percents = "", word = "", asks = "", rest = ""] = match;
    const start = found.index + all.indexOf("%");
    lines.push({ start, end: found.index + all.length, percents, word, asks: asks !== "", rest });
  }
  return lines;
}

/** Is the `%` at that offset an operator, and not in a text or a comment? */
function isModulo(node: ts.Node, source: ts.SourceFile, offset: number): boolean {
  if (ts.isBinaryExpression(node) && node.operatorToken.getStart(source) === offset) return true;
  const inner = ts.forEachChild(node, (child) => (child.pos <= offset && offset < child.end ? child : undefined));
  return inner !== undefined && isModulo(inner, source, offset);
}

/** The options before the code: ` -n 10 -r3`. */
function optionsOf({ name }: Magic, rest: string): string {
  return name === "timeit" ? (/^(?:\s+-[nr]\s*\d+(?![\w.]))*/.exec(rest)?.[0] ?? "") : "";
}

function complaint({ percents, word, rest }: Line, magic: Magic | undefined): string {
  if (word === "") return `${percents}: expected the name of a magic, got nothing. %help lists them.`;
  if (magic?.cell !== undefined && percents === "%%")
    return `%%${word}: expected it in the first line of a cell, got it further down. Give it a cell of its own.`;
  if (magic) {
    const other = percents === "%" ? `%%${word}, in the first line of a cell` : `%${word}, in front of a statement`;
    return `${percents}${word}: expected ${other}. It has no other form.`;
  }
  if (shellWords.has(word)) {
    return `${percents}${word}: expected a magic, got a shell command. ${shellAdvice(`${word}${rest}`)}`;
  }
  const forms = magics.filter(({ line, cell }) => (percents === "%" ? line : cell) !== undefined);
  const names = (some: readonly Magic[]): string[] => some.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  const same = nearest(word, names(forms));
  const guess = same ?? nearest(word, names(magics));
  const form = same !== undefined ? percents : percents === "%" ? "%%" : "%";
  const hint = guess === undefined ? "" : ` Did you mean ${form}${guess}?`;
  return `${percents}${word}: expected a magic, got an unknown name.${hint} %help lists all.`;
}
