import type { Claim, CompiledContract, Lookup, Server } from '@leakproof/core';
import type { Destination } from '@leakproof/http';

/** One bulk request to the API's own back end (docs/lookups.md). */
export interface LookupCall extends Destination {
  readonly target: string;
  readonly body: string;
  readonly rule: Lookup;
  /** In the order of `owners` in the body. */
  readonly claims: readonly Claim[];
}

/**
 * The calls to `server` that answer `claims`, which are of one principal and distinct: one call for each relation or state, or
 * several if it is asked about more than `maxOwners`.
 */
export function lookupCalls(
  contract: CompiledContract,
  server: Server,
  { claims, maxOwners }: { readonly claims: readonly Claim[]; readonly maxOwners: number },
): LookupCall[] {
  const base = lookupBase(server);
  if (!base) return [];
  return groupsOf(claims).flatMap((asked) => {
    const rule = asked[0] && ruleOf(contract, asked[0]);
    if (!rule) return [];
    return chunks(asked, maxOwners).map((part) => ({
      scheme: base.scheme,
      authority: base.authority,
      target: `${base.path}${rule.path}`,
      body: bodyOf(part),
      rule,
      claims: part,
    }));
  });
}

/** Claims of the same relation or state together. */
function groupsOf(claims: readonly Claim[]): Claim[][] {
  const groups = new Map<string, Claim[]>();
  for (const claim of claims) {
    const group = groups.get(nameOf(claim));
    if (group) group.push(claim);
    else groups.set(nameOf(claim), [claim]);
  }
  return [...groups.values()];
}

function nameOf(claim: Claim): string {
  return claim.type === 'relation' ? `relation ${claim.relation}` : `state ${claim.state}`;
}

function ruleOf(contract: CompiledContract, claim: Claim): Lookup | undefined {
  return claim.type === 'relation' ? contract.relations[claim.relation]?.lookup : contract.states[claim.state]?.lookup;
}

function bodyOf(claims: readonly Claim[]): string {
  const [first] = claims;
  if (!first) return '{}';
  const owners = claims.map((claim) => claim.owner.id);
  if (first.type === 'state') return JSON.stringify({ ask: first.state, owners });
  const { kind, id, space } = first.principal;
  return JSON.stringify({ ask: first.relation, principal: { kind, id, space }, owners });
}

/** Where the lookups of a server are sent. */
export function lookupBase(server: Server): (Destination & { path: string }) | undefined {
  if (server.internal !== undefined && URL.canParse(server.internal)) {
    const url = new URL(server.internal);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
    const path = url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : url.pathname;
    return { scheme: url.protocol === 'https:' ? 'https' : 'http', authority: url.host, path };
  }
  return server.endpoints.rest;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
