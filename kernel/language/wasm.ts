/** The types of what a WebAssembly module exports (WebAssembly Core Specification 2.0, section 5.5). */

interface Signature {
  readonly parameters: readonly string[];
  readonly results: readonly string[];
}

/** Values of these types, as JavaScript sees them. */
const valueTypes: Readonly<Record<number, string>> = { 127: "number", 126: "bigint", 125: "number", 124: "number" };

/** Declares the exports of a module. Throws a RangeError when the bytes are none. */
export function wasmDeclarations(bytes: Uint8Array): string {
  const reader = new Reader(bytes);
  if (reader.take(8).join() !== "0,97,115,109,1,0,0,0")
    throw new RangeError("wasm: expected a module, got other bytes");
  let signatures: (Signature | undefined)[] = [];
  const functions: number[] = [];
  let text = "";
  while (!reader.done) {
    const kind = reader.byte();
    const section = new Reader(reader.take(reader.number()));
    if (kind === 1) signatures = readSignatures(section);
    else if (kind === 2) functions.push(...importedFunctions(section));
    else if (kind === 3) functions.push(...section.list(() => section.number()));
    else if (kind === 7) text = exported(section, (index) => signatures[functions[index] ?? -1]);
  }
  return text || "export {};\n";
}

/** Modules with types of garbage collection (anything but functions) keep the types that were read so far. */
function readSignatures(section: Reader): (Signature | undefined)[] {
  const found: (Signature | undefined)[] = [];
  for (let rest = section.number(); rest > 0; rest--) {
    if (section.byte() !== 0x60) break;
    const types = (): string[] => section.list(() => valueTypes[section.byte()] ?? "any");
    found.push({ parameters: types(), results: types() });
  }
  return found;
}

function importedFunctions(section: Reader): number[] {
  const found: number[] = [];
  section.list(() => {
    section.text();
    section.text();
    const kind = section.byte();
    if (kind === 0) found.push(section.number());
    else if (kind === 3) section.take(2);
    else {
      if (kind === 1) section.byte();
      const limits = section.byte();
      section.number();
      if (limits & 1) section.number();
    }
  });
  return found;
}

function exported(section: Reader, signatureOf: (index: number) => Signature | undefined): string {
  const names: string[] = [];
  const declarations = section.list(() => {
    const name = section.text();
    const kind = section.byte();
    const index = section.number();
    const type =
      kind === 0
        ? functionType(signatureOf(index))
        : ({ 1: "WebAssembly.Table", 2: "WebAssembly.Memory" }[kind] ?? "any");
    names.push(`_${names.length} as ${JSON.stringify(name)}`);
    return `declare const _${names.length - 1}: ${type};\n`;
  });
  return `${declarations.join("")}export { ${names.join(", ")} };\n`;
}

function functionType(signature: Signature | undefined): string {
  if (!signature) return "(...parameters: any[]) => any";
  const { parameters, results } = signature;
  const [only = "void", ...more] = results;
  const result = more.length > 0 ? `[${results.join(", ")}]` : only;
  return `(${parameters.map((type, index) => `p${index}: ${type}`).join(", ")}) => ${result}`;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError("wasm: expected more bytes, got the end");
    return byte;
  }

  /** An unsigned LEB128 number. */
  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  take(count: number): Uint8Array {
    this.#at += count;
    if (this.#at > this.#bytes.length) throw new RangeError(`wasm: expected ${count} bytes, got the end`);
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  text(): string {
    return new TextDecoder().decode(this.take(this.number()));
  }

  list<T>(read: () => T): T[] {
    const found: T[] = [];
    for (let rest = this.number(); rest > 0; rest--) found.push(read());
    return found;
  }
}
