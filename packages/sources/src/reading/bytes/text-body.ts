declare global {
  /** ES2024, available in all supported versions of Node; the compiler's library is ES2023. */
  interface String {
    isWellFormed(): boolean;
    toWellFormed(): string;
  }
}

/** The bytes of base64 or base64url text, in which white space is allowed; undefined if it is not valid. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === expectedBytes(text)) return bytes;
  const compact = text.replace(/\s+/g, '');
  return Buffer.from(compact, 'base64').length === expectedBytes(compact) ? Buffer.from(compact, 'base64') : undefined;
}

function expectedBytes(text: string): number {
  let length = text.length;
  while (length > 0 && text.length - length < 2 && text.charCodeAt(length - 1) === 61) length -= 1;
  return length % 4 === 1 ? -1 : Math.floor((length * 3) / 4);
}

/** UTF-8 of a text; undefined if it contains a lone surrogate, which cannot be sent. */
export function fromText(text: string): Buffer | undefined {
  return text.isWellFormed() ? Buffer.from(text) : undefined;
}
