import { type Shape, shapesBelow } from '../../contract/shape.ts';
import type { SourcePath } from '../read/document.ts';
import { HEADER_NAME } from '../read/request-header-names.ts';
import type { Compiling } from './compiling.ts';

/** Headers that describe the bytes, the connection, the caller or how a browser has to treat the response. */
const OF_THE_GUARD =
  /^(?:content-(?!range$).*|access-control-.*|cross-origin-.*|proxy-.*|sec-.*|x-(?:content|frame|xss|dns|permitted|forwarded)-.*|.*(?:cookie|token|session|security|policy|api-?key|authenticat|authoriz).*|(?:.*-)?auth(?:-.*)?|age|alt-svc|cache-control|clear-site-data|connection|date|deprecation|digest|etag|expires|keep-alive|last-modified|location|pragma|refresh|repr-digest|retry-after|server|sunset|te|trailer|transfer-encoding|upgrade|vary|via)$/;

/**
 * The names of `response-headers`, in lower case. Warns of a count beside objects that may be withheld: it counts those too, and the
 * link to the last page is a count of pages.
 */
export function compileResponseHeaders(
  compiling: Compiling,
  { names, isRest, returns }: { readonly names: readonly string[]; readonly isRest: boolean; readonly returns: Shape },
  path: SourcePath,
): readonly string[] {
  if (names.length > 0 && !isRest)
    compiling.error(path, '`response-headers` is for REST: GraphQL has one response for all fields.', 'Take it out.');
  const headers = names.map((name) => name.toLowerCase());
  for (const [index, name] of headers.entries()) {
    const at = [...path, index];
    if (!HEADER_NAME.test(name) || OF_THE_GUARD.test(name))
      compiling.error(
        at,
        `"${name}" is no header that can be passed on by its name.`,
        'Name headers of totals and links, such as x-total-count, content-range or link.',
      );
    else if (mayWithhold(compiling, returns))
      compiling.warnWithCode(at, {
        code: 'count-header',
        message: `"${name}" also counts objects that are withheld: with a filter it answers questions about them.`,
        fix: 'Leave it out, unless everybody who may call this may know how many objects there are.',
      });
  }
  return [...new Set(headers)];
}

/** True if objects may be withheld from it: with owners, or not for everybody. Objects that are no resource of the contract count as such. */
function mayWithhold({ source }: Pick<Compiling, 'source'>, shape: Shape): boolean {
  if (shape.type === 'ref' || shape.type === 'object') {
    const resource = source.resources?.[shape.resource];
    if (resource?.owner !== 'none' || resource.see !== 'anyone') return true;
  }
  return shapesBelow(shape).some((below) => mayWithhold({ source }, below));
}
