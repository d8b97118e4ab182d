/**
 * Words separated by spaces. Text in double quotes or square brackets is one word, without them; a backslash escapes the next
 * character inside quotes. Undefined if a quote or bracket is not closed.
 */
export function quotedWords(line: string): string[] | undefined {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const first = line[at];
    if (first === ' ' || first === '\t') {
      at += 1;
      continue;
    }
    const close = first === '"' ? '"' : first === '[' ? ']' : undefined;
    const end = close === undefined ? wordEnd(line, at) : closing(line, at + 1, close);
    if (end < 0) return undefined;
    words.push(close === undefined ? line.slice(at, end) : line.slice(at + 1, end));
    at = end + 1;
  }
  return words;
}

function wordEnd(line: string, from: number): number {
  const end = line.indexOf(' ', from);
  return end < 0 ? line.length : end;
}

/** The index of the first `close` without a backslash before it, or -1. */
export function closing(line: string, from: number, close: string): number {
  for (let end = line.indexOf(close, from); end >= 0; end = line.indexOf(close, end + 1)) {
    let back = end - 1;
    while (back >= from && line[back] === '\\') back -= 1;
    if ((end - 1 - back) % 2 === 0) return end;
  }
  return -1;
}

/** Decodes the escapes of Apache and nginx: `\"`, `\\`, `\xHH` (bytes of UTF-8). */
export function unescapeQuoted(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes = text.replace(/(?:\\x[0-9a-f]{2})+/gi, (run) => {
    const raw = Buffer.from(run.replaceAll(/\\x/gi, ''), 'hex');
    return raw.toString();
  });
  return bytes.replace(/\\(["\\])/g, '$1');
}
