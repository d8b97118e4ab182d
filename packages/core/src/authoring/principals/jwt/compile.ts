import type { z } from 'zod';
import type { JwtIdentity, TokenRules } from '../../../contract/identity.ts';
import { isLeakproofError } from '../../../errors.ts';
import { type Compiling, millisecondsOf } from '../../compile/compiling.ts';
import type { SourcePath } from '../../read/document.ts';
import type { JwtSource } from './grammar.ts';

/** Clocks of servers that are set by NTP differ by less. */
const MAX_LEEWAY_MS = 5 * 60_000;

export function compileJwt(compiling: Compiling, path: SourcePath, source: z.infer<typeof JwtSource>): JwtIdentity {
  return { how: 'jwt', ...compileTokenRules(compiling, path, source) };
}

/** Compiles how a JWT is verified, wherever it stands. */
export function compileTokenRules(
  compiling: Compiling,
  path: SourcePath,
  { issuer, audience, algorithms, jwks, leeway }: z.infer<typeof JwtSource>,
): TokenRules {
  const leewayMs = leeway === undefined ? 0 : millisecondsOf(leeway);
  if (leewayMs > MAX_LEEWAY_MS)
    compiling.error([...path, 'leeway'], 'Expired tokens would be accepted for long.', 'Write at most 5m.');
  return {
    issuer,
    audience,
    algorithms,
    ...(leewayMs > 0 ? { leewayMs } : {}),
    jwks: jwksOf(compiling, [...path, 'jwks'], jwks),
  };
}

function jwksOf(
  compiling: Compiling,
  path: SourcePath,
  jwks: string,
): { url: string } | { keys: Record<string, unknown>[] } {
  if (/^https?:\/\//.test(jwks)) return { url: jwks };
  try {
    const value: unknown = JSON.parse(compiling.read(jwks, compiling.main).text);
    if (typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys)) {
      return { keys: value.keys as Record<string, unknown>[] };
    }
    compiling.error(path, 'The file holds no JWKS (RFC 7517): { "keys": [ … ] }.');
  } catch (error) {
    if (isLeakproofError(error)) compiling.error(path, error.message, error.fix);
    else compiling.error(path, 'The file is not JSON.');
  }
  return { keys: [] };
}
