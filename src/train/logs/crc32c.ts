/** CRC-32C (Castagnoli), reflected: what TFRecord files are checked with. */
const polynomial = 0x82f63b78;

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  return value;
});

/** The CRC-32C of some bytes (RFC 3720, appendix B.4), a whole number from 0. */
export function crc32c(bytes: Uint8Array): number {
  let value = -1;
  for (const byte of bytes) value = table[(value ^ byte) & 255]! ^ (value >>> 8);
  return ~value >>> 0;
}

/** The same as TFRecord stores it: turned and moved, so that the checksum of bytes with their checksum is nothing special. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const value = crc32c(bytes);
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}
