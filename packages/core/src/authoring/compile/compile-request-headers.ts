import type { SourcePath } from '../read/document.ts';
import { whyNotSentOn } from '../read/request-header-names.ts';
import type { Compiling } from './compiling.ts';

type Text = readonly [message: (name: string) => string, fix: string];

const TEXTS: Readonly<Record<NonNullable<ReturnType<typeof whyNotSentOn>>, Text>> = {
  'no-name': [(name) => `"${name}" is no name of a header that is sent on.`, 'Write letters, digits and "-".'],
  override: [(name) => `A request with "${name}" is refused: it names another method or target.`, 'Take it out.'],
  'of-the-proxy': [(name) => `"${name}" is set or removed by the proxy, whatever a client sends.`, 'Take it out.'],
};

/** The names of `headers`, in lower case; those that can never be sent on are errors. */
export function compileRequestHeaders(
  compiling: Compiling,
  names: readonly string[],
  path: SourcePath,
): readonly string[] {
  const headers = names.map((name) => name.toLowerCase());
  for (const [index, name] of headers.entries()) {
    const why = whyNotSentOn(name);
    if (!why) continue;
    const [message, fix] = TEXTS[why];
    compiling.error([...path, index], message(name), fix);
  }
  return [...new Set(headers)];
}
