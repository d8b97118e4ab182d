import type { CompiledContract, Exchange, Headers } from '@leakproof/core';
import type { Draft } from '@leakproof/map';
import { readExchange } from '@leakproof/sources';
import { fillTemplate } from '@leakproof/core';
import type { ExploreNote } from '../explore/explore.ts';
import { IdentitiesSource, type IdentitySource } from '../identities/identities-source.ts';
import type { ProveIdentity } from './prove-input.ts';

/** The identities file for a drafted contract, and the identities that it leaves out. */
export interface DraftedIdentities {
  readonly source: IdentitiesSource | undefined;
  readonly notTested: readonly ExploreNote[];
}

export interface DraftedIdentitiesInput {
  readonly draft: Draft;
  readonly contract: CompiledContract;
  readonly identities: readonly ProveIdentity[];
  readonly exchanges: readonly Exchange[];
  readonly common: ReadonlyMap<string, Headers>;
  readonly reads: readonly string[];
}

/**
 * The identities as the drafted contract knows them. Those whom it cannot judge are left out, with the reason: staff, and callers of
 * whom no answer tells who they are.
 */
export function draftedIdentities(input: DraftedIdentitiesInput): DraftedIdentities {
  const { draft, contract, identities, reads } = input;
  const notTested: ExploreNote[] = [];
  const judged = identities.flatMap(({ name, credential }) => {
    const caller = draft.callers.get(name);
    const server = homeOf(name, input);
    if (!caller)
      notTested.push({ what: name, why: 'no answer and no token tells its id, so what is its own is not known' });
    else if (!caller.isJudged)
      notTested.push({
        what: name,
        why: 'it owns nothing that was seen, or it is staff: what it may see is not known',
      });
    else if (server === undefined) notTested.push({ what: name, why: 'no operation was found at its server' });
    else return [{ name, kind: caller.kind, server, id: String(caller.claims['sub']), ...credential }];
    return [];
  });
  const known = judged.map((each) => ({ ...each, ...relationsAndStates(each, judged, input) }));
  if (judged.length === 0) return { source: undefined, notTested };
  const names = new Set(contract.operations.map((each) => each.name));
  const inputs = constantsOf(input);
  const source = IdentitiesSource.parse({
    leakproof: 1,
    identities: known,
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
    ...(reads.some((each) => names.has(each)) ? { reads: reads.filter((each) => names.has(each)) } : {}),
  });
  return { source, notTested };
}

interface Judged {
  readonly name: string;
  readonly id: string;
}

/** What the API told of relations between the identities and of their states; each only if it told all of it. */
function relationsAndStates(
  { id }: Judged,
  all: readonly Judged[],
  { draft: { facts }, contract }: DraftedIdentitiesInput,
): Pick<IdentitySource, 'relations' | 'states'> {
  const others = all.filter((each) => each.id !== id);
  const relations = Object.keys(contract.relations).map((relation) => ({
    relation,
    to: others.map((other) => ({ other, holds: facts.relations.get([relation, id, other.id].join('\0')) })),
  }));
  const states = Object.keys(contract.states).map((state) => ({
    state,
    holds: facts.states.get([state, id].join('\0')),
  }));
  const areRelationsKnown = relations.every(({ to }) => to.every(({ holds }) => holds !== undefined));
  const holding = relations.flatMap(({ relation, to }): [string, string[]][] => {
    const names = to.flatMap(({ other, holds }) => (holds === true ? [other.name] : []));
    return names.length > 0 ? [[relation, names]] : [];
  });
  return {
    ...(areRelationsKnown && relations.length > 0 ? { relations: Object.fromEntries(holding) } : {}),
    ...(states.length > 0 && states.every(({ holds }) => holds !== undefined)
      ? { states: states.flatMap(({ state, holds }) => (holds === true ? [state] : [])) }
      : {}),
  };
}

/** The server of the contract where the identity was answered first. */
function homeOf(name: string, { contract, exchanges }: DraftedIdentitiesInput): string | undefined {
  for (const { caller, request, response } of exchanges) {
    if (caller.identity !== name || !response || response.status >= 300) continue;
    const server = contract.servers.find(({ endpoints: { rest } }) => rest?.authority === request.authority);
    if (server) return server.name;
  }
  return undefined;
}

const PLAIN = /^[\w.,-]{1,20}$/;
const CHOOSES =
  /(?:^|[_.-])(?:id|ids|uid|uuid|user|owner|author|member|account|username|login|email|page|cursor|offset|after|before|q|query|search)$|[a-z](?:Id|Ids|By)$/i;

/**
 * Values that are the same for every caller: headers of the application, and parameters of the query that had one value only in all
 * successful requests of an operation (`_expand=user`). Not what chooses whose objects are returned, or a page of them.
 */
function constantsOf({ contract, exchanges, common }: DraftedIdentitiesInput): Record<string, Record<string, string>> {
  const inputs: Record<string, Record<string, string>> = {};
  const headers = new Map([...common.values()].flat());
  for (const { name, protocol, template, method } of contract.operations) {
    if (protocol !== 'rest' || !template) continue;
    const pattern = patternOf(template);
    const calls = exchanges.filter(
      ({ request, response }) =>
        request.method === method &&
        (response?.status ?? 0) >= 200 &&
        (response?.status ?? 0) < 300 &&
        pattern.test(request.target.split('?', 1)[0] ?? ''),
    );
    const found = new Map<string, Set<string>>();
    for (const [key, value] of calls.flatMap((each) => readExchange(each).query))
      found.set(key, (found.get(key) ?? new Set()).add(value));
    const constant = [...found].flatMap(([key, sent]) => {
      const [value = ''] = sent;
      return sent.size === 1 && PLAIN.test(value) && !CHOOSES.test(key) ? [[key, value] as const] : [];
    });
    const values = Object.fromEntries([
      ...[...headers].map(([key, value]) => [`header.${key}`, value]),
      ...constant.map(([key, value]) => [`query.${key}`, value]),
    ]) as Record<string, string>;
    if (Object.keys(values).length > 0) inputs[name] = values;
  }
  return inputs;
}

/** Of the paths of a template. */
function patternOf(template: NonNullable<CompiledContract['operations'][number]['template']>): RegExp {
  const mark = 'leakproofparametermark';
  const escaped = fillTemplate(template, () => mark).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(mark, '[^/]+')}$`);
}
