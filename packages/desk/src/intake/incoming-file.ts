/** A file as it came in: hostile until proven otherwise, and never proven otherwise. */
export interface IncomingFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** A file name that no file system and no header reads as anything else. */
export function safeFileName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? '';
  const safe = base
    .replaceAll(/[^\w.-]+/g, '_')
    .replace(/^[._-]+/, '')
    .slice(-100);
  return safe === '' ? 'file' : safe;
}
