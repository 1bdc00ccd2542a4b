/** The signatures of messages that came, so that none is obeyed twice. */
export interface Replays {
  /** Whether a message with this signature came before; from now on it did. Ask only with a signature that was verified. */
  seen(signature: Uint8Array): boolean;
}

/**
 * Remembers at least the last `size` signatures and at most twice as many, of all channels together: what was meant for shell
 * must not be obeyed on control either. jupyter_client's `digest_history` has the same size, and forgets at random.
 */
export function createReplays(size = 1 << 16): Replays {
  let recent = new Set<string>();
  let older = new Set<string>();
  return {
    seen(signature) {
      const digest = Buffer.from(signature).toString("latin1");
      if (recent.has(digest) || older.has(digest)) return true;
      recent.add(digest);
      if (recent.size >= size) {
        older = recent;
        recent = new Set();
      }
      return false;
    },
  };
}
