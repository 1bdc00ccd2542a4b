/** Reading zip archives (PKWARE's APPNOTE.TXT): stored and deflated files, also in the 64-bit form. */
import { inflateRawSync } from "node:zlib";
import { FileError } from "../errors.js";
import { crc32 } from "../png.js";

const endTag = 0x06054b50;
const end64Tag = 0x06064b50;
const entryTag = 0x02014b50;
const localTag = 0x04034b50;

/** What 32 bits hold where the number is in the 64-bit form. */
const elsewhere = 0xffffffff;

/** The files of an archive by name. `name` is what errors call it. Throws FileError where it is none, or torn. */
export function unzip(what: string, name: string, bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const refuse = (got: string, cause?: unknown) => {
    return new FileError({ what, expected: `a zip archive in ${name}`, got }, cause === undefined ? {} : { cause });
  };
  try {
    return entries(bytes, refuse);
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw refuse("one that is torn", cause);
  }
}

function entries(bytes: Uint8Array, refuse: (got: string) => FileError): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) throw refuse("no directory at its end");
  let [count, at] = [view.getUint16(end + 10, true), view.getUint32(end + 16, true)];
  if (at === elsewhere || count === 0xffff) {
    const end64 = Number(view.getBigUint64(end - 12, true));
    if (view.getUint32(end64, true) !== end64Tag) throw refuse("no 64-bit directory where it should be");
    [count, at] = [Number(view.getBigUint64(end64 + 32, true)), Number(view.getBigUint64(end64 + 48, true))];
  }
  const files = new Map<string, Uint8Array>();
  for (let entry = 0; entry < count; entry++) {
    if (view.getUint32(at, true) !== entryTag) throw refuse(`no entry ${entry} where it should be`);
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [number, number, number];
    const name = Buffer.from(bytes.subarray(at + 46, at + 46 + lengths[0])).toString();
    const method = view.getUint16(at + 10, true);
    const [size, packed, local] = sizes(view, at, lengths);
    if (view.getUint32(local, true) !== localTag) throw refuse(`no file ${name} where it should be`);
    const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const raw = bytes.subarray(begin, begin + packed);
    if (method !== 0 && method !== 8) throw refuse(`${name} packed by method ${method}`);
    const file = method === 0 ? raw : inflateRawSync(raw, { maxOutputLength: Math.max(1, size) });
    if (file.length !== size || crc32(file) !== view.getUint32(at + 16, true)) throw refuse(`${name} changed or torn`);
    files.set(name, file);
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return files;
}

/** The record at the end of an archive, behind which only a comment may stand. */
function findEnd(view: DataView): number | undefined {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= lowest; at--) if (view.getUint32(at, true) === endTag) return at;
  return undefined;
}

/** Size, packed size and place of an entry; what does not fit into 32 bits stands in its extra fields. */
function sizes(view: DataView, entry: number, [nameLength, extraLength]: readonly number[]): [number, number, number] {
  const found = [24, 20, 42].map((offset) => view.getUint32(entry + offset, true)) as [number, number, number];
  const begin = entry + 46 + nameLength!;
  for (let at = begin; at + 4 <= begin + extraLength!; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let place = at + 4;
    found.forEach((value, index) => {
      if (value !== elsewhere) return;
      found[index] = Number(view.getBigUint64(place, true));
      place += 8;
    });
  }
  return found;
}
