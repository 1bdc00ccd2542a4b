/** Just enough of protocol buffers' wire format for small messages (protobuf.dev/programming-guides/encoding). */

/** A field of wire type 0: an integer ≥ 0. */
export function varintField(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

/** The head of a field of wire type 2: its key and the length of the bytes that follow. */
export function bytesHead(field: number, length: number): number[] {
  return [...varint(field * 8 + 2), ...varint(length)];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** The fields of a message in their order: numbers of wire type 0, bytes of wire type 2; fixed-width ones are left out. */
export function* messageFields(bytes: Uint8Array): Generator<readonly [field: number, value: number | Uint8Array]> {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = number();
    const wireType = key % 8;
    if (wireType === 0) yield [Math.floor(key / 8), number()];
    else if (wireType === 1) at += 8;
    else if (wireType === 5) at += 4;
    else {
      const length = number();
      yield [Math.floor(key / 8), bytes.subarray(at, at + length)];
      at += length;
    }
  }
}

/** A field of wire type 2: bytes, a text, or a message made of other fields. */
export function bytesField(field: number, content: string | Uint8Array | readonly Uint8Array[]): Uint8Array {
  const bytes =
    typeof content === "string"
      ? Buffer.from(content)
      : content instanceof Uint8Array
        ? content
        : Buffer.concat(content);
  return Buffer.concat([Uint8Array.from(bytesHead(field, bytes.length)), bytes]);
}

/** A field of wire type 0 in bytes: an integer of 53 bits, negative ones as protocol buffers write an int64. */
export function integerField(field: number, value: number): Uint8Array {
  if (value >= 0) return Uint8Array.from(varintField(field, value));
  const bytes = varintField(field, 0).slice(0, -1);
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 128n) return Uint8Array.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) + 128);
  }
}
