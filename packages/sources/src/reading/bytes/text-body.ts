declare global {
  /** ES2024, in every Node that runs this; the compiler is set to ES2023. */
  interface String {
    isWellFormed(): boolean;
    toWellFormed(): string;
  }
}

/** Bytes of base64 or base64url text, or undefined if it is not base64 from end to end. Line breaks are allowed. */
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

/** UTF-8 of a text, or undefined if it holds a lone surrogate: then it cannot be what went over the wire. */
export function fromText(text: string): Buffer | undefined {
  return text.isWellFormed() ? Buffer.from(text) : undefined;
}
