/**
 * HDF5 files as h5py writes them by default (HDF5 File Format Specification, version 3.0): superblock 0 or 1, object headers of
 * version 1, groups with symbol tables, arrays in one piece. No chunks, no compression, no links to other files.
 */
import { FileError } from "../errors.js";
import { sizeOf } from "../tensor/shape.js";
import { type Stored, type StoredType, widths } from "./stored.js";

/** Arrays by their path, `layers/dense/vars/0`. */
export type Hdf5 = ReadonlyMap<string, Stored>;

/** All arrays of a file's bytes. `name` is what errors call it. Throws FileError. */
export function readHdf5(what: string, name: string, bytes: Uint8Array): Hdf5 {
  const reader = new Reader(what, name, bytes);
  try {
    return reader.read();
  } catch (cause) {
    // What points out of the file.
    if (!(cause instanceof RangeError)) throw cause;
    throw new FileError({ what, expected: `an HDF5 file in ${name}`, got: "one that is torn" }, { cause });
  }
}

const signature = "\x89HDF\r\n\x1a\n";

/** Types of messages in an object's header (section IV.A.2). */
const message = { dataspace: 1, datatype: 3, layout: 8, continuation: 16, symbolTable: 17 } as const;

/** The address that stands for "nowhere". */
const nowhere = 2n ** 64n - 1n;

class Reader {
  readonly #what: string;
  readonly #name: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #arrays = new Map<string, Stored>();
  readonly #seen = new Set<number>();

  constructor(what: string, name: string, bytes: Uint8Array) {
    this.#what = what;
    this.#name = name;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): Hdf5 {
    if (this.#text(0, 8) !== signature) throw this.#refuse("an HDF5 file", "another kind of file");
    const version = this.#view.getUint8(8);
    const sizes = [this.#view.getUint8(13), this.#view.getUint8(14)];
    if (version > 1 || sizes.some((size) => size !== 8)) {
      throw this.#refuse(
        "an HDF5 file as h5py writes it by default",
        `superblock ${version}, numbers of ${sizes} bytes`,
      );
    }
    const root = version === 0 ? 56 : 60;
    this.#object(this.#number(root + 8), "");
    return this.#arrays;
  }

  /** A group, with all that is in it, or an array. */
  #object(address: number, path: string): void {
    if (this.#seen.has(address)) throw this.#refuse("a tree of groups", `a group of itself at '${path}'`);
    this.#seen.add(address);
    const messages = this.#messages(address);
    const table = messages.get(message.symbolTable);
    if (table !== undefined) {
      const heap = this.#heap(this.#number(table + 8));
      this.#group(this.#number(table), heap, path);
    } else if (messages.has(message.layout)) this.#arrays.set(path, this.#array(messages, path));
    else if (messages.size > 0) throw this.#refuse(`a group or an array at '${path}'`, "an object of a newer kind");
  }

  /** Where the data of an object's messages begin, by type; the last of each. */
  #messages(address: number): Map<number, number> {
    const version = this.#view.getUint8(address);
    if (version !== 1) throw this.#refuse("object headers of version 1", `version ${version}`);
    let left = this.#view.getUint16(address + 2, true);
    const blocks = [[address + 16, this.#view.getUint32(address + 8, true)]];
    const found = new Map<number, number>();
    for (let block = blocks.shift(); block !== undefined && left > 0; block = blocks.shift()) {
      const [begin, length] = block as [number, number];
      for (let at = begin; at + 8 <= begin + length && left > 0; left--) {
        const type = this.#view.getUint16(at, true);
        if (type === message.continuation) blocks.push([this.#number(at + 8), this.#number(at + 16)]);
        found.set(type, at + 8);
        at += 8 + this.#view.getUint16(at + 2, true);
      }
    }
    return found;
  }

  /** Where a group's names lie (section III.D). */
  #heap(address: number): number {
    this.#expect(address, "HEAP");
    return this.#number(address + 24);
  }

  /** A node of a group's tree of names (section III.A.1), or a leaf of it (III.C). */
  #group(address: number, heap: number, path: string): void {
    if (this.#seen.has(address)) throw this.#refuse("a tree of groups", `a group of itself at '${path}'`);
    this.#seen.add(address);
    if (this.#text(address, 4) === "TREE") {
      const entries = this.#view.getUint16(address + 6, true);
      for (let entry = 0; entry < entries; entry++) this.#group(this.#number(address + 32 + 16 * entry), heap, path);
      return;
    }
    this.#expect(address, "SNOD");
    const symbols = this.#view.getUint16(address + 6, true);
    for (let symbol = 0; symbol < symbols; symbol++) {
      const entry = address + 8 + 40 * symbol;
      const name = this.#string(heap + this.#number(entry));
      this.#object(this.#number(entry + 8), path === "" ? name : `${path}/${name}`);
    }
  }

  #array(messages: ReadonlyMap<number, number>, path: string): Stored {
    const [space, type, layout] = [message.dataspace, message.datatype, message.layout].map((kind) =>
      messages.get(kind),
    );
    if (space === undefined || type === undefined || layout === undefined) {
      throw this.#refuse(`shape, type and place of '${path}'`, "only some of them");
    }
    const shape = this.#shape(space);
    const dtype = this.#type(type, path);
    const size = sizeOf(shape) * widths[dtype];
    const [version, kind] = [this.#view.getUint8(layout), this.#view.getUint8(layout + 1)];
    if (version !== 3 || kind > 1)
      throw this.#refuse(`the values of '${path}' in one piece`, "chunks, or a newer layout");
    if (kind === 0) return { dtype, shape, bytes: this.#slice(layout + 4, size) };
    const empty = this.#view.getBigUint64(layout + 2, true) === nowhere;
    const bytes = empty ? new Uint8Array(size) : this.#slice(this.#number(layout + 2), size);
    return { dtype, shape, bytes };
  }

  /** Section IV.A.2.b. */
  #shape(at: number): number[] {
    const [version, rank] = [this.#view.getUint8(at), this.#view.getUint8(at + 1)];
    const first = at + (version === 1 ? 8 : 4);
    return Array.from({ length: rank }, (_, axis) => this.#number(first + 8 * axis));
  }

  /** Section IV.A.2.d. */
  #type(at: number, path: string): StoredType {
    const kind = this.#view.getUint8(at) % 16;
    const flags = this.#view.getUint8(at + 1);
    const width = this.#view.getUint32(at + 4, true);
    const signed = (flags & 8) !== 0;
    const exponent = kind === 1 ? this.#view.getUint8(at + 13) : 0;
    const names: Readonly<Record<string, StoredType>> =
      kind === 1
        ? { 2: exponent === 8 ? "BF16" : "F16", 4: "F32", 8: "F64" }
        : signed
          ? { 1: "I8", 2: "I16", 4: "I32", 8: "I64" }
          : { 1: "U8", 2: "U16", 4: "U32", 8: "U64" };
    const name = kind > 1 || (flags & 1) !== 0 ? undefined : names[width];
    if (name !== undefined) return name;
    throw this.#refuse(`little-endian numbers in '${path}'`, `type ${kind} of ${width} bytes`);
  }

  #slice(begin: number, size: number): Uint8Array {
    if (begin + size > this.#bytes.length) {
      throw this.#refuse(`${size} bytes from byte ${begin} on`, `its end after ${this.#bytes.length}`);
    }
    return this.#bytes.subarray(begin, begin + size);
  }

  #number(at: number): number {
    return Number(this.#view.getBigUint64(at, true));
  }

  #text(at: number, length: number): string {
    return Buffer.from(this.#bytes.subarray(at, at + length)).toString("latin1");
  }

  #string(at: number): string {
    const end = this.#bytes.indexOf(0, at);
    if (end < 0) throw this.#refuse(`a name that ends, from byte ${at} on`, "one without an end");
    return Buffer.from(this.#bytes.subarray(at, end)).toString();
  }

  #expect(at: number, tag: string): void {
    if (this.#text(at, 4) !== tag) throw this.#refuse(`"${tag}" at byte ${at}`, JSON.stringify(this.#text(at, 4)));
  }

  #refuse(expected: string, got: string): FileError {
    return new FileError({ what: this.#what, expected: `${expected} in ${this.#name}`, got });
  }
}
