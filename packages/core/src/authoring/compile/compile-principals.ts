import type { PrincipalKind, Server } from '../../contract/compiled.ts';
import { credentialSources } from '../principals/credential-sources.ts';
import { type CompiledIdentity, compileIdentity } from '../principals/identities.ts';
import { type Compiling, stepsOf } from './compiling.ts';
import type { SourcePath } from '../read/document.ts';
import type { ContractSource } from '../read/source.ts';

type Source = NonNullable<ContractSource['principals']>[string];

/** Compiles who may call; each kind is a relation by its name. */
export function compilePrincipals(compiling: Compiling, servers: readonly Server[]): PrincipalKind[] {
  const spaces = [...new Set(servers.map((server) => server.space))];
  const kinds = Object.entries(compiling.source.principals ?? {}).flatMap(([name, source]) => {
    const path = ['principals', name];
    if (['anyone', 'self', 'nobody', 'anonymous'].includes(name))
      compiling.error(path, `"${name}" is a built-in relation.`);
    compiling.knows([...path, 'ids'], source.ids, {
      what: 'kind of owner',
      words: Object.keys(compiling.ownerKinds()),
    });
    const compiled = compileIdentity(compiling, path, source);
    if (!compiled) return [];
    return {
      name,
      by: compiled.identity,
      id: idOf(compiling, path, { compiled, id: source.id }),
      ids: source.ids,
      everywhere: source.everywhere ?? false,
      space: spaceOf(compiling, path, { source, spaces }),
    };
  });
  checkSources(compiling, kinds);
  return kinds;
}

function idOf(
  compiling: Compiling,
  path: SourcePath,
  { compiled, id }: { readonly compiled: CompiledIdentity; readonly id: string | undefined },
): readonly string[] {
  if (id !== undefined && compiled.isIdFixed)
    compiling.error([...path, 'id'], 'Where the id stands is said twice.', `Keep the one in ${compiled.identity.how}.`);
  if (id !== undefined) return claimPath(compiling, [...path, 'id'], id);
  if (!compiled.id) compiling.error(path, `"id" is missing in ${path.join('.')}.`, 'Write id: claims.sub.');
  return compiled.id ?? ['sub'];
}

/** The same credential as two kinds would be two principals. */
function checkSources(compiling: Compiling, kinds: readonly PrincipalKind[]): void {
  const taken = new Map<string, PrincipalKind>();
  for (const kind of kinds) {
    for (const source of credentialSources(kind.by)) {
      const other = taken.get(source);
      const isShared = other?.by.how === kind.by.how && (kind.by.how === 'jwt' || kind.by.how === 'api-key');
      if (other && !isShared)
        compiling.error(
          ['principals', kind.name],
          `${source} is read for "${other.name}" already: every request with it would have two credentials.`,
        );
      taken.set(source, kind);
    }
  }
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
