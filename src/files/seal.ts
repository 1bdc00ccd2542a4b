/** The checksum that Nabla writes into its safetensors files, because the format has none. */
import { FileError } from "../errors.js";
import type { Safetensors } from "./safetensors.js";
import { digest } from "./write-whole.js";

/** Among a file's texts: who wrote it. */
export const ourFormat = "nabla";

/** The file's texts with the checksum of everything in it. */
export async function sealed({ arrays, metadata }: Safetensors): Promise<Record<string, string>> {
  const texts = { ...metadata, format: ourFormat };
  return { ...texts, sha256: await seal({ arrays, metadata: texts }) };
}

/** Throws FileError where a file that has a checksum, or must have one, is not as it was written. */
export async function checkSeal(what: string, file: string, { arrays, metadata }: Safetensors): Promise<void> {
  const { sha256, ...texts } = metadata;
  if (sha256 === undefined && texts.format !== ourFormat) return;
  const got = await seal({ arrays, metadata: texts });
  if (got === sha256) return;
  throw new FileError({ what, expected: `a content with SHA-256 ${sha256} in ${file}`, got: `another (${got})` });
}

function seal({ arrays, metadata }: Safetensors): Promise<string> {
  const names = [...arrays].map(([name, { dtype, shape }]) => [name, dtype, shape]);
  const head = Buffer.from(JSON.stringify([Object.entries(metadata).sort(), names]));
  return digest([head, ...[...arrays.values()].map(({ bytes }) => bytes)]);
}
