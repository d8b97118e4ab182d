import {
  ANONYMOUS,
  decodeUtf8,
  type CompiledContract,
  type Exchange,
  judge,
  type Known,
  observe,
  type Principal,
  principalForServer,
  principalOf,
  readJson,
  routeOf,
} from '@leakproof/core';
import { loadContract } from '@leakproof/core/authoring';
import { type Draft, knownFromDraft } from '@leakproof/map';
import { expect } from 'vitest';

/** A field that a decided rule of a drafted contract forbids to the caller who was given it. */
export interface Forbidden {
  readonly operation: string;
  /** `data/* /user/weight`: from the root of the answer. */
  readonly path: string;
  readonly owners: readonly string[];
  readonly at: string;
}

export function compileDraft({ source }: Draft): CompiledContract {
  const { contract, problems } = loadContract('draft.yaml', (file) => ({ file, text: source }));
  expect(problems).toEqual([]);
  if (!contract) throw new Error('the draft does not compile');
  return contract;
}

/** Relations that are not known may hold, and states may not: what is forbidden even so is forbidden. */
function inFavour(known: Known): Known {
  return {
    get: (claim) => {
      const truth = known.get(claim);
      return truth === 'unknown' ? (claim.type === 'relation' ? 'yes' : 'no') : truth;
    },
  };
}

/** What the draft's decided rules forbid of one answer; undefined if the contract has no rule for the exchange, or for the caller. */
export function forbiddenIn(
  contract: CompiledContract,
  draft: Draft,
  { exchange, caller }: { readonly exchange: Exchange; readonly caller: string },
): Forbidden[] | undefined {
  const { request, response } = exchange;
  const known = draft.callers.get(caller);
  if (caller !== 'anonymous' && known?.isJudged !== true) return undefined;
  const route = routeOf(contract, request);
  if ('type' in route || !route.match || !response?.body || response.status !== 200) return undefined;
  const json = readJson(decodeUtf8(response.body));
  const { server } = route.serverMatch;
  const principal: Principal = known
    ? principalForServer(contract, server, principalOf(contract, known.kind, known.claims))
    : ANONYMOUS;
  const { operation } = route.match;
  const { sightings } = observe(contract, { shape: operation.returns, space: server.space }, json);
  return sightings.flatMap((sighting) => {
    const ruling = judge(contract, principal, sighting, inFavour(knownFromDraft(draft.facts)));
    const resource = contract.resources[sighting.resource];
    return [...ruling.forbidden].flatMap(([index, because]) => {
      const name = sighting.fields[index]?.field ?? '';
      const rule = resource?.fields[name];
      if (!rule || rule.undecided !== undefined || rule.leftToValue) return [];
      if (because !== 'relation' && because !== 'hidden' && !because.startsWith('state:')) return [];
      return [
        {
          operation: operation.name,
          path: `${sighting.pointer}/${name}`.replaceAll(/\/\d+(?=\/)/g, '/*').slice(1),
          owners: sighting.owners.map(({ owner }) => owner.id),
          at: `${sighting.resource}.${name}`,
        },
      ];
    });
  });
}
