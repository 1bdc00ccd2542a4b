/** Just enough of protocol buffers' wire format to write small messages (protobuf.dev/programming-guides/encoding). */

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
