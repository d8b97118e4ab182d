import type { PrincipalKind, Server } from '../../contract/compiled.ts';
import { isLeakproofError } from '../../errors.ts';
import { type Compiling, millisecondsOf, stepsOf } from './compiling.ts';
import type { SourcePath } from '../read/document.ts';
import type { ContractSource } from '../read/source.ts';

/** Clocks of servers that are set by NTP differ by less. */
const MAX_LEEWAY_MS = 5 * 60_000;

type Source = NonNullable<ContractSource['principals']>[string];

/** Compiles who may call; each kind is a relation by its name. */
export function compilePrincipals(compiling: Compiling, servers: readonly Server[]): PrincipalKind[] {
  const spaces = [...new Set(servers.map((server) => server.space))];
  return Object.entries(compiling.source.principals ?? {}).map(([name, source]) => {
    const path = ['principals', name];
    if (['anyone', 'self', 'nobody', 'anonymous'].includes(name))
      compiling.error(path, `"${name}" is a built-in relation.`);
    compiling.knows([...path, 'ids'], source.ids, {
      what: 'kind of owner',
      words: Object.keys(compiling.ownerKinds()),
    });
    return {
      name,
      by: identityOf(compiling, path, source),
      id: claimPath(compiling, [...path, 'id'], source.id),
      ids: source.ids,
      everywhere: source.everywhere ?? false,
      space: spaceOf(compiling, path, { source, spaces }),
    };
  });
}

function identityOf(compiling: Compiling, path: SourcePath, source: Source): PrincipalKind['by'] {
  if (source.verified && !source.jwt)
    return { how: 'verified', header: source.verified.header.toLowerCase(), from: source.verified.from };
  if (!source.jwt || source.verified)
    compiling.error(path, 'A principal kind has exactly one of `jwt` and `verified`.');
  if (!source.jwt) return { how: 'jwt', issuer: '', audience: '', algorithms: [], jwks: { keys: [] } };
  const { issuer, audience, algorithms, jwks, leeway } = source.jwt;
  const leewayMs = leeway === undefined ? 0 : millisecondsOf(leeway);
  if (leewayMs > MAX_LEEWAY_MS)
    compiling.error([...path, 'jwt', 'leeway'], 'Expired tokens would be accepted for long.', 'Write at most 5m.');
  return {
    how: 'jwt',
    issuer,
    audience,
    algorithms,
    ...(leewayMs > 0 ? { leewayMs } : {}),
    jwks: jwksOf(compiling, [...path, 'jwt', 'jwks'], jwks),
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

function spaceOf(
  compiling: Compiling,
  path: SourcePath,
  { source, spaces }: { source: Source; spaces: readonly string[] },
): PrincipalKind['space'] {
  if (source.space?.startsWith('claims.')) return { claim: claimPath(compiling, [...path, 'space'], source.space) };
  if (source.space !== undefined) {
    compiling.knows([...path, 'space'], source.space, { what: 'id space', words: spaces });
    return { fixed: source.space };
  }
  if (spaces.length > 1) {
    compiling.error(
      path,
      `Servers have several id spaces (${spaces.join(', ')}), and the kind does not say which its ids are of.`,
      'Write space: claims.NAME, or one of them.',
    );
  }
  return { fixed: spaces[0] ?? 'all' };
}

function claimPath(compiling: Compiling, path: SourcePath, source: string): string[] {
  const [first, ...rest] = stepsOf(source);
  if (first !== 'claims' || rest.length === 0)
    compiling.error(path, `"${source}" is not in the claims.`, 'Write claims.sub, or another claim.');
  return rest;
}
