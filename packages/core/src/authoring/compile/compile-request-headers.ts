import { isOverrideHeader } from '../../wire/override-names.ts';
import type { SourcePath } from '../read/document.ts';
import type { Compiling } from './compiling.ts';

const TOKEN = /^[a-z0-9!#$%&'*+.^`|~-]+$/;
/** Headers that a proxy sets or removes itself, whatever a client sends. */
const OF_THE_PROXY =
  /^(?:host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|via|forwarded|content-length|content-encoding|accept-encoding|range|if-range|http2-settings|(?:proxy|x-forwarded)-.*)$/;

/** The names of `headers`, in lower case; those that can never be sent on are errors. */
export function compileRequestHeaders(
  compiling: Compiling,
  names: readonly string[],
  path: SourcePath,
): readonly string[] {
  const headers = names.map((name) => name.toLowerCase());
  for (const [index, name] of headers.entries()) {
    const at = [...path, index];
    if (!TOKEN.test(name))
      compiling.error(at, `"${name}" is no name of a header that is sent on.`, 'Write letters, digits and "-".');
    else if (isOverrideHeader(name))
      compiling.error(at, `A request with "${name}" is refused: it names another method or target.`, 'Take it out.');
    else if (OF_THE_PROXY.test(name))
      compiling.error(at, `"${name}" is set or removed by the proxy, whatever a client sends.`, 'Take it out.');
  }
  return [...new Set(headers)];
}

/** Whether a header of a description can be sent on. One that cannot is left out: the document also speaks of clients and proxies. */
export function canBeSentOn(name: string): boolean {
  return TOKEN.test(name) && !isOverrideHeader(name) && !OF_THE_PROXY.test(name);
}
