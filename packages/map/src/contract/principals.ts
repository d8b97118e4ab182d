import { groupBy } from '../group-by.ts';
import { compareText, type ObservedCall } from '../evidence/observed-call.ts';
import type { DraftCaller } from '../draft/draft-types.ts';
import type { FoundPrincipal, TokenKind } from '../draft/find-principals.ts';
import type { Plain } from './write-yaml.ts';

export interface DraftedPrincipals {
  readonly source: Readonly<Record<string, Plain>>;
  readonly callers: ReadonlyMap<string, DraftCaller>;
  /** What the grammar cannot say of how callers log in. */
  readonly notes: readonly string[];
}

export interface PrincipalsInput {
  /** Ids of people that objects were returned of. */
  readonly ownerIds: ReadonlySet<string>;
  /** By the caller's name. */
  readonly isStaff: (name: string) => boolean;
  readonly calls: readonly ObservedCall[];
}

const ALGORITHMS = /^(?:ES|RS|PS)(?:256|384|512)$|^EdDSA$/;

/** Kinds of callers by the issuer of their tokens; the kind that people are is `member`. */
export function draftPrincipals(
  principals: ReadonlyMap<string, FoundPrincipal>,
  { ownerIds, isStaff, calls }: PrincipalsInput,
): DraftedPrincipals {
  const byIssuer = groupBy([...principals], ([, { token }]) => token?.issuer ?? '');
  const kinds = [...byIssuer].map(([issuer, members]) => ({
    issuer,
    members,
    people: members.filter(([, { ids }]) => [...ids].some((id) => ownerIds.has(id))).length,
  }));
  kinds.sort((a, b) => b.people - a.people || b.members.length - a.members.length || compareText(a.issuer, b.issuer));
  const callers = new Map<string, DraftCaller>();
  const notes: string[] = [];
  const source: Record<string, Plain> = {};
  for (const [index, { members, people }] of kinds.entries()) {
    const kind = index === 0 ? 'member' : `caller${index + 1}`;
    const token = members.map(([, each]) => each.token).find((each) => each !== undefined);
    const schemes = [...new Set(members.flatMap(([, each]) => each.scheme ?? []))].sort(compareText);
    const by = identityOf(token, calls);
    if (!by)
      notes.push(
        `${kind}: the guard cannot read its credentials (${schemes.join(', ') || 'unknown'}) by this contract; a gateway has to`,
      );
    source[kind] = {
      ...(by ?? { verified: { header: 'x-jwt-payload', from: ['127.0.0.1/32'] } }),
      id: 'claims.sub',
      ids: 'person',
    };
    for (const [name, { ids, claims }] of members) {
      const [id] = ids;
      if (id !== undefined)
        callers.set(name, { kind, claims: { ...claims, sub: id }, isJudged: people > 0 && !isStaff(name) });
    }
  }
  return { source, callers, notes };
}

/** The `jwt` of a kind, where its tokens say all that the contract needs. */
function identityOf(
  token: TokenKind | undefined,
  calls: readonly ObservedCall[],
): Readonly<Record<string, Plain>> | undefined {
  const { issuer, audience, algorithm } = token ?? {};
  if (issuer === undefined || audience === undefined || algorithm === undefined || !ALGORITHMS.test(algorithm))
    return undefined;
  const first = calls.find(({ exchange }) => exchange.request.authority !== '')?.exchange.request;
  if (!first) return undefined;
  const jwks = `${first.scheme}://${first.authority}/.well-known/jwks.json`;
  return URL.canParse(jwks) ? { jwt: { issuer, audience, jwks, algorithms: [algorithm] } } : undefined;
}
