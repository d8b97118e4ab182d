/** Bytes in order, in pieces of any size. To be iterated once. */
export interface ByteSource extends AsyncIterable<Uint8Array> {
  /** The name of the file as given, for provenance. */
  readonly name: string;
  readonly sizeBytes?: number | undefined;
}

/** `content` as a source, in pieces of `pieceBytes`. */
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
