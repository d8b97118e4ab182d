import type { z } from 'zod';
import type { JwksLocation, SecretLocation, TokenRules } from '../../../contract/identity.ts';
import { isLeakproofError } from '../../../errors.ts';
import { type Compiling, millisecondsOf } from '../../compile/compiling.ts';
import type { SourcePath } from '../../read/document.ts';
import type { CompiledIdentity } from '../identities.ts';
import type { JwtSource } from './grammar.ts';

/** Clocks of servers that are set by NTP differ by less. */
const MAX_LEEWAY_MS = 5 * 60_000;

export function compileJwt(compiling: Compiling, path: SourcePath, source: Source): CompiledIdentity {
  return { identity: { how: 'jwt', ...compileTokenRules(compiling, path, source) } };
}

type Source = z.infer<typeof JwtSource>;

/** Compiles how a JWT is verified, wherever it stands. */
export function compileTokenRules(compiling: Compiling, path: SourcePath, source: Source): TokenRules {
  const { issuer, audience, algorithms, leeway } = source;
  const leewayMs = leeway === undefined ? 0 : millisecondsOf(leeway);
  if (leewayMs > MAX_LEEWAY_MS)
    compiling.error([...path, 'leeway'], 'Expired tokens would be accepted for long.', 'Write at most 5m.');
  checkComparedClaims(compiling, path, source);
  checkAlgorithms(compiling, path, source);
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
    algorithms,
    ...(leewayMs > 0 ? { leewayMs } : {}),
    ...keyOf(compiling, path, source),
  };
}

/** A claim that is not compared has to be named: forgetting it would accept tokens of another issuer, or for another API. */
function checkComparedClaims(compiling: Compiling, path: SourcePath, source: Source): void {
  for (const claim of ['issuer', 'audience'] as const) {
    const isUnchecked = source.unchecked?.includes(claim) ?? false;
    if (source[claim] !== undefined && isUnchecked)
      compiling.error([...path, 'unchecked'], `"${claim}" is both given and unchecked.`, 'Take one of them out.');
    if (source[claim] !== undefined || isUnchecked) continue;
    const others = claim === 'issuer' ? 'of any issuer with this key' : 'for any API of this issuer';
    compiling.error(
      path,
      `"${claim}" is missing: tokens ${others} would be accepted.`,
      `Write ${claim}:, or \`unchecked: [${claim}]\` if its tokens have none.`,
    );
  }
  if (source.jwks !== undefined && source.unchecked?.includes('audience'))
    compiling.warn(
      [...path, 'unchecked'],
      'An issuer with a JWKS usually serves several APIs: tokens for the others are accepted too.',
      'Write audience: if its tokens have one.',
    );
}

/** The kind of key decides which algorithms there can be, so that no public key is ever used as a secret. */
function checkAlgorithms(compiling: Compiling, path: SourcePath, { algorithms, secret }: Source): void {
  const wrong = algorithms.filter((name) => name.startsWith('HS') !== (secret !== undefined));
  if (wrong.length === 0) return;
  const message = secret
    ? `${wrong.join(', ')} is verified by a public key, and \`secret\` is none.`
    : `${wrong.join(', ')} is verified by a secret, and a JWKS holds public keys.`;
  const fix = secret ? 'Write jwks:, or HS256.' : 'Write secret: { env: NAME } or { file: PATH } in place of jwks.';
  compiling.error([...path, 'algorithms'], message, fix);
}

function keyOf(
  compiling: Compiling,
  path: SourcePath,
  { jwks, secret }: Source,
): { jwks: JwksLocation } | { secret: SecretLocation } {
  if ((jwks === undefined) === (secret === undefined))
    compiling.error(path, 'A JWT is verified by exactly one of `jwks` and `secret`.');
  if (secret) return { secret };
  return { jwks: jwks === undefined ? { keys: [] } : jwksOf(compiling, [...path, 'jwks'], jwks) };
}

function jwksOf(compiling: Compiling, path: SourcePath, jwks: string): JwksLocation {
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
