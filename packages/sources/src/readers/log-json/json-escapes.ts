/**
 * A line with its escapes as JSON has them. nginx (default `escape`) and Apache write bytes outside ASCII, quotes and control characters
 * as `\xHH`, bytes of UTF-8, and Apache writes `\v`; JSON knows neither.
 */
export function withJsonEscapes(line: string): string {
  return line.replace(/(?:\\x[0-9a-f]{2})+|\\[\s\S]/gi, (escape) => {
    if (/^\\["\\/bfnrt]$/.test(escape) || /^\\u$/.test(escape)) return escape;
    if (/^\\x../i.test(escape)) return escaped(Buffer.from(escape.replaceAll(/\\x/gi, ''), 'hex').toString());
    return escape === String.raw`\v` ? String.raw`\u000b` : escaped(escape);
  });
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
