import assert from "node:assert/strict";
import { test } from "node:test";
import { completeMagic, completenessOfMagics, inspectMagic } from "../../../kernel/language/magic-help.js";
import { type PlainCell, readMagics } from "../../../kernel/language/magics.js";
import { magicOf, magics } from "../../../kernel/magics.js";

function names(code: string, known: readonly string[] = []): string[] {
  const { calls } = readMagics(code, (name) => known.includes(name));
  return calls.map(({ name, args }) => `${name}(${args})`);
}

function problem(code: string): string {
  const { problems } = readMagics(code);
  assert.equal(problems.length, 1, JSON.stringify(problems));
  assert.ok(problems[0]!.start + problems[0]!.length <= code.length);
  return problems[0]!.text;
}

test("a magic is found at the start of the cell, after statements and before them", () => {
  assert.deepEqual(names("%cd data"), ["cd(data)"]);
  assert.deepEqual(names("let a = 1;\n  %cd data\nlet b = 2;\n%env X=1"), ["cd(data)", "env(X=1)"]);
  assert.deepEqual(names("function f() {}\n%who"), ["who()"]);
  assert.deepEqual(names("import 'node:os'\n%who"), ["who()"]);
  assert.deepEqual(names("// note\n%who // all"), ["who(// all)"]);
});

test("the text of a magic may be anything", () => {
  for (const rest of ["it's", '"half', "`", "/*", "a ${b", "(((", "ü 😀", "\\", "]] }}"]) {
    assert.deepEqual(names(`%env X=${rest}\nlet a = 1;\n%cd ${rest}`), [`env(X=${rest})`, `cd(${rest})`], rest);
  }
});

test("modulo expressions, templates, strings and comments stay what they are", () => {
  const texts = [
    "a\n%b",
    "const rest = total\n  %who",
    "f(1,\n%cd)",
    "`\n%cd nowhere\n`",
    `const t = \`\${1}\n%cd x\n%%bash\`;`,
    "/*\n%cd nowhere\n*/",
    "'a\\\n%cd'",
    "if (true)\n%cd x",
    "{\n%cd x\n}",
    "const a = [\n%cd x\n]",
    "5 %2",
    "f(1,\n%cd)",
    "x = [1,\n%cd /tmp\n]",
    "for (;;)\n%time f()",
    "x %= 2",
  ];
  for (const text of texts) {
    const plain = readMagics(text, (name) => ["b", "who"].includes(name));
    assert.deepEqual([plain.calls, plain.problems, plain.text], [[], [], text], text);
  }
});

test("after a line without a semicolon, what would be an error as a modulo expression is a magic", () => {
  assert.deepEqual(names("const x = 1\n%time f(x)"), ["time()"]);
  assert.deepEqual(names("const x = 1\n%cd /tmp"), ["cd(/tmp)"]);
  assert.deepEqual(names("x\n%who"), ["who()"]);
  assert.deepEqual(names("x\n%who", ["who"]), []);
  assert.deepEqual(names("const cd = 2, x = 5\n%cd"), []);
});

test("the TypeScript keeps its length, its lines and its places", () => {
  const code = "let a = '😀';\r\n%timeit -n 10 -r 3 f(a)\r\n  %cd ü\r\nlet b = 2;";
  const { text } = readMagics(code);
  assert.equal(text, "let a = '😀';\r\n                   f(a)\r\n       \r\nlet b = 2;");
  assert.equal(text.length, code.length);
  assert.equal(readMagics("%%time\nf()").text, "      \nf()");
});

test("a cell that begins with %% gives its text away, whatever it looks like", () => {
  const code = "\n%%bash\r\necho `date` $HOME\n%cd x\n'";
  const { calls, text } = readMagics(code);
  assert.deepEqual(calls, [
    { name: "bash", whole: true, args: "", start: 1, end: 7, body: "echo `date` $HOME\n%cd x\n'" },
  ]);
  assert.equal(text, "\n      \r\n".padEnd(28).slice(0, 9) + code.slice(9).replace(/[^\n]/g, " "));
  assert.equal(readMagics("%%javascript\n1").calls[0]?.name, "js");
});

test("thousands of lines with a percent sign in a text cost one look of the parser", () => {
  const code = `const text = \`${"\n%cd x".repeat(20_000)}\`;`;
  const start = performance.now();
  assert.deepEqual(readMagics(code).calls, []);
  assert.ok(performance.now() - start < 5000);
  assert.deepEqual(readMagics("%cd x\n".repeat(100)).problems, []);
  assert.match(readMagics("%cd x\n".repeat(1000)).problems[0]?.text ?? "", /at most 100 magics/);
});

test("a long line costs the cursor in it or behind it no more than a look", () => {
  const line = "x".repeat(400_000);
  const start = performance.now();
  for (const text of [`${line};\n%ti`, `${line};\r\n%ti`, `%cd ${line}`]) {
    const plain = readMagics(text);
    assert.ok(completeMagic(plain, text, text.length), text.slice(-10));
    inspectMagic(plain, text, text.length);
  }
  assert.ok(performance.now() - start < 20_000);
});

test("what is wrong with a magic is said, with a way out", () => {
  assert.equal(
    problem("%tmie f()"),
    "%tmie: expected a magic, got an unknown name. Did you mean %time? %help lists all.",
  );
  assert.match(problem("%%bsh\nls 'x"), /Did you mean %%bash\?/);
  assert.match(problem("%bsh"), /Did you mean %%bash\?/);
  assert.match(problem("%%whoo"), /Did you mean %who\?/);
  assert.match(problem("%nothinglikeit"), /unknown name\. %help lists all\.$/);
  assert.match(problem("%"), /expected the name of a magic/);
  assert.match(problem("%%"), /expected the name of a magic/);
  assert.match(problem("%html <b>"), /expected %%html, in the first line of a cell/);
  assert.match(problem("%%cd x"), /expected %cd/);
  assert.match(problem("let a;\n%%bash"), /first line/);
  assert.match(problem("%time"), /expected code behind it, got nothing/);
  assert.match(problem("%timeit -n 5"), /expected code behind it/);
  assert.match(problem("%%timeit\n\n"), /expected code in the lines below/);
  assert.equal(
    problem("%timeit -n abc f()"),
    "%timeit -n: expected a whole number, got abc. Write %timeit -n 1000 -r 7 f(x).",
  );
  assert.match(problem("%timeit -n1.5 f()"), /-n: expected a whole number, got 1\.5\./);
  assert.match(problem("%timeit -r"), /-r: expected a whole number, got nothing/);
  assert.match(problem("%timeit -n 5 -r -2 f()"), /-r: expected a whole number, got -2\./);
  assert.match(problem("%timeit -q f()"), /-q: expected -n \(loops\) or -r \(runs\), got another option/);
  assert.match(problem("%%timeit -r x\nf()"), /^%%timeit -r: expected a whole number, got x\. Write %%timeit -n 1000/);
  assert.match(
    problem("%ls -la"),
    /got a shell command\. Write %%bash in the first line of a cell, and ls -la below it\.$/,
  );
});

test("an expression may begin like an option of %timeit", () => {
  for (const code of ["-n", "-n + 1", "-Math.abs(2)", "--n", "-n * f()"]) {
    assert.deepEqual(readMagics(`%timeit ${code}`, (name) => name === "n").problems, [], code);
  }
});

test("%help is also asked for with question marks", () => {
  for (const code of ["%cd?", "%cd??", "%%bash?", "%bash?", "%cd ?"]) {
    assert.match(names(code).join(), /^help\((cd|bash)\)$/, code);
  }
});

test("every magic has a form, a usage and an explanation", () => {
  for (const magic of magics) {
    assert.ok(magic.line ?? magic.cell, magic.name);
    assert.ok(magic.usage.length > 0 && magic.help.endsWith("."), magic.name);
    for (const name of [magic.name, ...(magic.aliases ?? [])]) assert.equal(magicOf(name), magic);
  }
});

test("whatever stands in a cell, its text keeps its length and its lines, and nothing throws", () => {
  const pieces = [
    "%",
    "%%",
    "time",
    "cd",
    " ",
    "\n",
    "\r\n",
    "`",
    "'",
    "/*",
    "*/",
    "{",
    "}",
    "(",
    ")",
    "a",
    "= 1",
    ";",
    "ü😀",
    "?",
    "$" + "{",
  ];
  let seed = 20_261_122;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let round = 0; round < 1500; round++) {
    const code = Array.from({ length: random(30) }, () => pieces[random(pieces.length)]).join("");
    const plain = readMagics(code);
    assert.equal(plain.text.length, code.length, code);
    assert.equal(plain.text.replace(/[^\r\n]/g, " "), code.replace(/[^\r\n]/g, " "), code);
    const offset = random(code.length + 1);
    completeMagic(plain, code, offset);
    inspectMagic(plain, code, offset);
    completenessOfMagics(plain);
  }
});

/** A text with a bar where the cursor is. */
function cursor(text: string): { plain: PlainCell; code: string; offset: number } {
  const code = text.replace("|", "");
  return { plain: readMagics(code), code, offset: text.indexOf("|") };
}

function completed(text: string): string[] | undefined {
  const { plain, code, offset } = cursor(text);
  return completeMagic(plain, code, offset)?.items.map((item) => item.text);
}

test("names of magics are completed where one may stand, and code elsewhere is left to TypeScript", () => {
  assert.deepEqual(completed("let a;\n  %ti|"), ["%time", "%timeit"]);
  assert.deepEqual(completed("%%ti|"), ["%%time", "%%timeit"]);
  assert.ok(completed("%|")?.includes("%%bash"));
  assert.ok(!completed("let a;\n%|")?.includes("%%bash"));
  assert.equal(completed("%time f|"), undefined);
  assert.equal(completed("a %ti|"), undefined);
  assert.deepEqual(completed("%cd da|"), []);
  assert.deepEqual(completed("%%bash\nec|"), []);
  assert.deepEqual(completed("%npm i|"), ["install"]);
  assert.equal(completed("%npm |")?.[0], "install");
  assert.deepEqual(completed("%npm install lod|"), []);
  const { plain, code, offset } = cursor("%ti|meit f()");
  const { start, end } = completeMagic(plain, code, offset)!;
  assert.equal(code.slice(start, end), "%timeit");
});

test("inspecting a magic shows its forms and its help", () => {
  const inspected = (text: string) => {
    const { plain, code, offset } = cursor(text);
    return inspectMagic(plain, code, offset);
  };
  assert.equal(inspected("let a;\n%ti|meit f()")?.signature, magicOf("timeit")?.usage.join("\n"));
  assert.equal(inspected("%%ba|sh\nls")?.documentation, magicOf("bash")?.help);
  assert.equal(inspected("%time f|(x)"), undefined);
  assert.equal(inspected("a %ti|me"), undefined);
});

test("a console goes on asking until a %% cell ends with an empty line", () => {
  const status = (code: string) => completenessOfMagics(readMagics(code))?.status;
  assert.equal(status("%%bash"), "incomplete");
  assert.equal(status("%%bash\nls"), "incomplete");
  assert.equal(status("%%bash\nls\n"), "complete");
  assert.equal(status("%%time"), "incomplete");
  assert.equal(status("%%time\nf()"), undefined);
  assert.equal(status("%cd x"), undefined);
});
