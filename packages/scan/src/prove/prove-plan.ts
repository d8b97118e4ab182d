import { type Exchange, type Headers, LeakproofError } from '@leakproof/core';
import { buildInventory, type DeclaredHttpOperation, matchOperations, readExchange } from '@leakproof/sources';
import { destructiveWord } from '../explore/destructive-words.ts';
import { endpointOf, type ExploreRequest, keyOfRequest } from '../explore/explore-request.ts';
import { EXPLORE_BUDGET, type ExploreBudget } from '../explore/explore.ts';
import { placesOf } from '../explore/explore-template.ts';
import { mayRepeat, type NotSent } from '../explore/may-send.ts';
import { commonHeaders, credentialSets, withoutCredential } from '../identities/credential-sets.ts';
import type { ProveInput } from './prove-input.ts';

/** What will be sent, and what will not. */
export interface ProvePlan {
  readonly input: ProveInput;
  /** The only origins that are called. */
  readonly origins: readonly string[];
  /** Other hosts of the input. */
  readonly otherOrigins: readonly string[];
  readonly seeds: readonly ExploreRequest[];
  readonly notSent: readonly NotSent[];
  /** Headers that every caller sends, by origin. */
  readonly common: ReadonlyMap<string, Headers>;
  readonly budget: ExploreBudget;
}

/**
 * Plans from what is known of an API. Origins are those that a credential of the input was sent to; without one, those of the
 * description. Throws LP-CREDENTIAL-NONE if there is no credential, LP-USAGE if there is no origin or nothing to begin with.
 */
export function planProve(input: ProveInput): ProvePlan {
  const { exchanges, declared, identities, server } = input;
  if (identities.length === 0)
    throw new LeakproofError('LP-CREDENTIAL-NONE', 'The input has no credential, and none was named.');
  const known = [...credentialSets(exchanges).keys()].filter((origin) => !origin.endsWith('//'));
  const origins = originsOf({ known, declared, server, exchanges });
  if (origins.length === 0)
    throw new LeakproofError('LP-USAGE', 'The input names no server.', { fix: 'Name it with --server URL.' });
  const others = exchanges.map(({ request }) => `${request.scheme}://${request.authority}`);
  const { seeds, notSent } = requestsOf(input, origins);
  if (seeds.length === 0 && declared.length === 0)
    throw new LeakproofError('LP-USAGE', 'The input has no request that only reads.', {
      fix: 'Copy a GET request of the API, or confirm a POST that only reads with --reads.',
    });
  return {
    input,
    origins,
    otherOrigins: [...new Set(others)].filter((each) => !origins.includes(each)).sort(),
    seeds,
    notSent,
    common: commonByOrigin(exchanges, origins),
    budget: EXPLORE_BUDGET,
  };
}

function originsOf({
  known,
  declared,
  server,
  exchanges,
}: Pick<ProveInput, 'declared' | 'server' | 'exchanges'> & { readonly known: readonly string[] }): string[] {
  if (server !== undefined) return [new URL(server).origin];
  if (known.length > 0) return [...known];
  const captured = exchanges.flatMap(({ request }) =>
    request.authority === '' ? [] : [`${request.scheme}://${request.authority}`],
  );
  const servers = declared.flatMap((each) => each.servers.flatMap((url) => URL.parse(url)?.origin ?? []));
  return [...new Set(captured.length > 0 ? captured : servers)];
}

function requestsOf(
  { exchanges, declared, reads }: ProveInput,
  origins: readonly string[],
): { seeds: ExploreRequest[]; notSent: NotSent[] } {
  const builder = buildInventory();
  for (const each of exchanges) builder.add(each);
  for (const each of declared) builder.declare(each);
  const operationOf = matchOperations(builder.finish());
  const seeds = new Map<string, ExploreRequest>();
  const notSent = new Map<string, NotSent>();
  const confirmed = new Set(reads);
  for (const exchange of exchanges) {
    const { name, origin } = operationOf(readExchange(exchange));
    if (!origins.includes(origin) || isPage(exchange)) continue;
    const may = mayRepeat(exchange, name, confirmed);
    if (may !== true) notSent.set(may.operation, may);
    else {
      const seed = seedOf(exchange, name);
      seeds.set(keyOfRequest(seed), seed);
    }
  }
  for (const operation of declared) {
    const why = whyNotSent(operation);
    if (why !== undefined) notSent.set(operation.name, { operation: operation.name, why });
    else if (isWithoutInput(operation))
      for (const { origin, path } of placesOf(operation, origins)) {
        const place = { endpoint: endpointOf(origin), method: 'GET', target: path, headers: [] };
        const seed: ExploreRequest = { ...place, why: 'declared', operation: `GET ${path}` };
        if (!seeds.has(keyOfRequest(seed))) seeds.set(keyOfRequest(seed), seed);
      }
  }
  return { seeds: [...seeds.values()], notSent: [...notSent.values()] };
}

/** A page, a picture or a script: its answer has no data that could be judged. */
function isPage({ request, response }: Exchange): boolean {
  if (/\.(?:js|css|png|jpe?g|gif|svg|ico|woff2?|map|html?)(?:$|\?)/i.test(request.target)) return true;
  const type = response?.headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  return /^(?:text\/(?:html|css|javascript)|image\/|font\/|video\/|audio\/|application\/(?:javascript|wasm))/i.test(
    type,
  );
}

function seedOf({ request }: Exchange, operation: string): ExploreRequest {
  const kept = request.headers.filter(
    ([name, value]) => name === 'content-type' || (name === 'accept' && value.includes('json')),
  );
  return {
    endpoint: endpointOf(`${request.scheme}://${request.authority}`),
    method: request.method,
    target: withoutCredential(request.target),
    headers: kept,
    ...(request.body === undefined ? {} : { body: Buffer.from(request.body).toString('utf8') }),
    why: 'captured',
    operation,
  };
}

function whyNotSent({ method, path, operationId }: DeclaredHttpOperation): string | undefined {
  if (method === 'HEAD' || method === 'OPTIONS' || method === 'TRACE') return 'it returns no data';
  if (method !== 'GET') return `${method} may change data`;
  const word = destructiveWord(path.replaceAll(/\{[^}]*\}/g, '')) ?? destructiveWord(operationId ?? '');
  return word === undefined ? undefined : `its name has the word "${word}"`;
}

const isWithoutInput = ({ path, parameters }: DeclaredHttpOperation): boolean =>
  !path.includes('{') && !parameters.some((each) => each.required && each.in !== 'header' && each.in !== 'cookie');

function commonByOrigin(exchanges: readonly Exchange[], origins: readonly string[]): Map<string, Headers> {
  const common = new Map<string, Map<string, string>>();
  for (const exchange of exchanges) {
    const origin = `${exchange.request.scheme}://${exchange.request.authority}`;
    if (!origins.includes(origin)) continue;
    const here = common.get(origin) ?? new Map<string, string>();
    common.set(origin, here);
    for (const [name, value] of commonHeaders(exchange)) if (!here.has(name)) here.set(name, value);
  }
  return new Map([...common].map(([origin, headers]) => [origin, [...headers]]));
}

/** The plan as text: what will be sent as whom, and what never will. No value and no secret is in it. */
export function planText({ input, origins, otherOrigins, seeds, notSent, budget }: ProvePlan): string {
  const names = ['anonymous', ...input.identities.map(({ name }) => name)];
  const operations = [...new Set(seeds.map(({ operation }) => operation))].sort();
  const confirmable = notSent.filter(({ isConfirmable }) => isConfirmable);
  const never = notSent.filter(({ isConfirmable }) => !isConfirmable);
  return [
    `Reads ${origins.join(', ')} as ${names.join(', ')}. Nothing is changed.`,
    `Begins with ${operations.length} operations: ${shortList(operations)}`,
    'Then lists, pages, links and objects that their answers name, by GET, at the same servers.',
    `At most ${budget.requests} requests, ${budget.perOperation} of each caller by one operation, and ${budget.timeMs / 1000} s; then the scan of what was found.`,
    ...(never.length === 0 ? [] : ['Never called:', ...lines(never)]),
    ...(confirmable.length === 0
      ? []
      : ['Not called unless you confirm that it only reads, with --reads NAME:', ...lines(confirmable)]),
    ...(otherOrigins.length === 0
      ? []
      : [`Never called, since no credential was sent there: ${shortList(otherOrigins)}`]),
    '',
  ].join('\n');
}

const MAX_SHOWN = 12;

const lines = (notSent: readonly NotSent[]): string[] => [
  ...notSent.slice(0, MAX_SHOWN).map(({ operation, why }) => `  ${operation}: ${why}`),
  ...(notSent.length > MAX_SHOWN ? [`  and ${notSent.length - MAX_SHOWN} more`] : []),
];

const shortList = (names: readonly string[]): string =>
  names.length > MAX_SHOWN
    ? `${names.slice(0, MAX_SHOWN).join(', ')} and ${names.length - MAX_SHOWN} more`
    : names.join(', ');
