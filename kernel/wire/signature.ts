import { createHmac, timingSafeEqual } from "node:crypto";

/** Signs and checks the four JSON frames of a message (Jupyter messaging protocol, "The wire protocol"). */
export interface Signer {
  sign(frames: readonly Uint8Array[]): string;
  /** Compares in constant time. */
  verify(frames: readonly Uint8Array[], signature: Uint8Array): boolean;
}

/** A signer for a connection's key and scheme (`hmac-sha256`); an empty key signs nothing and accepts everything. */
export function createSigner(key: string, scheme: string): Signer {
  if (key === "") return { sign: () => "", verify: () => true };
  const hash = scheme.slice("hmac-".length);
  const sign = (frames: readonly Uint8Array[]): string => {
    const hmac = createHmac(hash, key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest("hex");
  };
  const verify = (frames: readonly Uint8Array[], signature: Uint8Array): boolean => {
    const expected = Buffer.from(sign(frames));
    return signature.byteLength === expected.byteLength && timingSafeEqual(signature, expected);
  };
  return { sign, verify };
}
