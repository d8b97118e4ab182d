/** Shells for which browsers have a "copy as cURL". */
export type Shell = 'posix' | 'cmd' | 'powershell';

/** The words of one command, or undefined if a quote is not closed. Variables and substitutions are not expanded. */
export function shellWords(text: string, shell: Shell): string[] | undefined {
  switch (shell) {
    case 'posix':
      return posixWords(text);
    case 'cmd':
      return posixWords(cmdToPosix(text));
    case 'powershell':
      return powershellWords(text);
  }
}

/**
 * The shell that a command was copied for. `^"` and lines ending in `^`: cmd; lines ending in a backtick: PowerShell. JSON with doubled
 * quotes, `"{""a"":1}"`, is cmd's too: in bash, `""` is nothing, and the rest no JSON.
 */
export function shellOf(text: string): Shell {
  if (/\^"|\^\r?\n/.test(text)) return 'cmd';
  if (/`\r?\n/.test(text) || /^\s*(?:curl\.exe|Invoke-(?:WebRequest|RestMethod))\b/i.test(text)) return 'powershell';
  return /"[{[][{[\s]*""/.test(text) ? 'cmd' : 'posix';
}

function posixWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      if (char === '\n' && words.length > 0 && text.slice(at).trim() !== '') words.push('\n');
      at += 1;
      continue;
    }
    const piece = posixPiece(text, at);
    if (piece === undefined) return undefined;
    word = piece.continues ? word : (word ?? '') + piece.text;
    at = piece.end;
  }
  if (word !== undefined) words.push(word);
  return words;
}

interface Piece {
  readonly text: string;
  readonly end: number;
  /** True for a backslash before a line end, which is no text and ends no word. */
  readonly continues?: true;
}

/** One quoted string, escaped character or run of plain characters. */
function posixPiece(text: string, at: number): Piece | undefined {
  if (text.startsWith("$'", at)) return ansiC(text, at + 2);
  if (text.startsWith('$"', at)) return doubleQuoted(text, at + 2);
  const char = text[at];
  if (char === "'") {
    const end = text.indexOf("'", at + 1);
    return end < 0 ? undefined : { text: text.slice(at + 1, end), end: end + 1 };
  }
  if (char === '"') return doubleQuoted(text, at + 1);
  if (char === '\\') {
    const lineEnd = /^\\\r?\n/.exec(text.slice(at, at + 3))?.[0];
    if (lineEnd !== undefined) return { text: '', end: at + lineEnd.length, continues: true };
    return { text: text[at + 1] ?? '', end: at + 2 };
  }
  const plain = /[^\s'"\\$]+|\$/y;
  plain.lastIndex = at;
  const run = plain.exec(text)?.[0] ?? char ?? '';
  return { text: run, end: at + run.length };
}

function doubleQuoted(text: string, from: number): Piece | undefined {
  let value = '';
  for (let at = from; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '"') return { text: value, end: at + 1 };
    const next = text[at + 1] ?? '';
    if (char === '\\' && '\\"$`\n'.includes(next) && next !== '') {
      value += next === '\n' ? '' : next;
      at += 1;
    } else value += char;
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** `$'…'`: ANSI-C quoting of bash, which Chrome uses for everything that is not ASCII. */
function ansiC(text: string, from: number): Piece | undefined {
  let value = '';
  const escape = /\\(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([^]))/y;
  let at = from;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char === "'") return { text: value, end: at + 1 };
    escape.lastIndex = at;
    const match = char === '\\' ? escape.exec(text) : null;
    if (match === null) {
      value += char;
      at += 1;
      continue;
    }
    const [whole, short, long, hex, octal, other] = match;
    const code = Number.parseInt(short ?? long ?? hex ?? octal ?? '', octal === undefined ? 16 : 8);
    value += other === undefined ? characterOf(code) : (ESCAPES[other] ?? other);
    at += whole.length;
  }
  return undefined;
}

function characterOf(code: number): string {
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\uFFFD';
}

/** In cmd, a caret escapes one character and joins lines; Chrome writes one before every quote and special character. */
function cmdToPosix(text: string): string {
  const joined = text.replaceAll(/\^\r?\n/g, ' ');
  const plain = joined.replaceAll(/\^([^])/g, '$1');
  // Inside quotes, cmd escapes a quote by doubling it or by a backslash; dollar and backtick have no meaning.
  return plain
    .replaceAll('""', '\\"')
    .replaceAll(/[$`]/g, '\\$&')
    .replaceAll(/\\(?![\\"$`])/g, '\\\\');
}

function powershellWords(text: string): string[] | undefined {
  const words: string[] = [];
  const token = /\s+|`\r?\n|'((?:[^']|'')*)'|"((?:[^"`]|`[^]|"")*)"|((?:[^\s'"`]|`[^\r\n])+)/y;
  let word: string | undefined;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) return undefined;
    const [, single, double, plain] = match;
    if (single === undefined && double === undefined && plain === undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const value =
      single?.replaceAll("''", "'") ??
      (double?.replaceAll('""', '"') ?? plain ?? '').replaceAll(/`([^])/g, unescapeBacktick);
    word = (word ?? '') + value;
  }
  if (word !== undefined) words.push(word);
  return words;
}

function unescapeBacktick(_whole: string, char: string): string {
  return char === 'n' ? '\n' : char === 'r' ? '\r' : char === 't' ? '\t' : char === '0' ? '\0' : char;
}
