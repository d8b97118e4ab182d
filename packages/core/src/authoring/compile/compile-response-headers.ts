import { type Shape, shapesBelow } from '../../contract/shape.ts';
import type { SourcePath } from '../read/document.ts';
import type { Compiling } from './compiling.ts';

const TOKEN = /^[a-z0-9!#$%&'*+.^`|~-]+$/;
/** Headers that describe the bytes, the connection or the caller: the guard sets or judges them itself. */
const OF_THE_GUARD =
  /^(?:content-(?!range$).*|access-control-.*|proxy-.*|sec-.*|.*cookie.*|.*auth.*|.*token.*|.*session.*|.*api-?key.*|age|connection|keep-alive|te|trailer|transfer-encoding|upgrade|via|date|server|location|refresh|cache-control|pragma|expires|vary|etag|last-modified|digest|repr-digest|alt-svc|clear-site-data|retry-after)$/;

/**
 * The names of `response-headers`, in lower case. Warns of a count beside a list of objects with owners: it also counts what is
 * withheld, and a search that finds nothing then says how much it found.
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
    if (!TOKEN.test(name) || OF_THE_GUARD.test(name))
      compiling.error(
        at,
        `"${name}" is no header that can be passed on by its name.`,
        'Name headers of totals and links, such as x-total-count, content-range or link.',
      );
    else if (name !== 'link' && hasOwners(compiling, returns))
      compiling.warnWithCode(at, {
        code: 'count-header',
        message: `"${name}" also counts objects that are withheld: with a filter it answers questions about them.`,
        fix: 'Leave it out, unless everybody who may call this may know how many objects there are.',
      });
  }
  return [...new Set(headers)];
}

/** True if objects with owners may be in it; the members of an object that is no resource of the contract are not searched. */
function hasOwners({ source }: Pick<Compiling, 'source'>, shape: Shape): boolean {
  const resource = shape.type === 'ref' || shape.type === 'object' ? shape.resource : undefined;
  if (resource !== undefined && source.resources?.[resource]?.owner !== 'none') return true;
  return shapesBelow(shape).some((below) => hasOwners({ source }, below));
}
