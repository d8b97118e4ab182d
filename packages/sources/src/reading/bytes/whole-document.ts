import type { ByteSource } from './byte-source.ts';

/** The whole source as text; undefined if it is longer than the limit, and then the rest is not read. */
export async function wholeText(input: ByteSource, maxBytes: number): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of input) {
    length += piece.length;
    if (length > maxBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** The beginning of a source as text, to recognise its format. */
export function headText(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString();
}
