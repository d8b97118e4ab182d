import type { z } from 'zod';
import type { CredentialPlace, UserinfoIdentity } from '../../../contract/identity.ts';
import { readTarget } from '../../../wire/target.ts';
import { type Compiling, millisecondsOf, stepsOf } from '../../compile/compiling.ts';
import type { SourcePath } from '../../read/document.ts';
import { checkCookieName } from '../cookie-names.ts';
import { checkCredentialHeader } from '../credential-header.ts';
import type { CompiledIdentity } from '../identities.ts';
import type { UserinfoSource } from './grammar.ts';

const CACHE_MS = 5_000;
/** A session that the origin has ended is known for so long at most. */
const MAX_CACHE_MS = 60_000;

export function compileUserinfo(
  compiling: Compiling,
  path: SourcePath,
  { by, id, from, cache, refused }: z.infer<typeof UserinfoSource>,
): CompiledIdentity {
  const cacheMs = cache === undefined ? CACHE_MS : millisecondsOf(cache);
  if (cacheMs > MAX_CACHE_MS)
    compiling.error([...path, 'cache'], 'A session that has ended would be known for long.', 'Write at most 60s.');
  const target = by.slice('GET '.length);
  if (typeof readTarget(target) === 'string')
    compiling.error(
      [...path, 'by'],
      `"${target}" could be read as another path.`,
      'Write it without escapes and dots.',
    );
  for (const [name, server] of Object.entries(compiling.source.api.servers)) {
    if (server.rest === undefined)
      compiling.error([...path, 'by'], `The server "${name}" has no rest address where it could be asked.`);
  }
  const identity: UserinfoIdentity = {
    how: 'userinfo',
    target,
    from: [...new Set(from)].map((each, index) => placeOf(compiling, [...path, 'from', index], each)),
    refused: refused ?? [401, 403],
    cacheMs,
  };
  return { identity, id: stepsOf(id), isIdFixed: true };
}

function placeOf(compiling: Compiling, path: SourcePath, text: string): CredentialPlace {
  const colon = text.indexOf(':');
  if (colon < 0) return { in: 'header', name: 'authorization' };
  const name = text.slice(colon + 1);
  if (text.startsWith('cookie:')) {
    checkCookieName(compiling, path, name);
    return { in: 'cookie', name };
  }
  checkCredentialHeader(compiling, path, name);
  return { in: 'header', name: name.toLowerCase() };
}
