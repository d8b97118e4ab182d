/** Bytes from a file, a pipe or a test, in order, in pieces of any size. Read once. */
export interface ByteSource extends AsyncIterable<Uint8Array> {
  /** The file's name as the person gave it; stands in provenance. */
  readonly name: string;
  readonly sizeBytes?: number | undefined;
}

/** A source that holds `content` already, cut into pieces of `pieceBytes`. */
export function bytesOf(name: string, content: string | Uint8Array, pieceBytes = 65_536): ByteSource {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    name,
    sizeBytes: bytes.length,
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    },
  };
}
