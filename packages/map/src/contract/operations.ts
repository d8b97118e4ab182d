import { groupBy } from '../group-by.ts';
import { fillTemplate, isConflict, parametersOf, parseTemplate, readTarget } from '@leakproof/core';
import type { DeclaredOperation } from '@leakproof/sources';
import { ANONYMOUS_CALLER } from '../evidence/caller-claims.ts';
import { isLogin } from '../evidence/is-login.ts';
import { operationParts } from '../evidence/fold-paths.ts';
import { compareText, isSuccess, type ObservedCall } from '../evidence/observed-call.ts';
import { type Place, placesBelow } from '../evidence/value-tree.ts';
import { classify } from '../classify/classify.ts';
import type { DraftResource } from '../draft/resource.ts';
import type { LeftOut } from '../draft/draft-types.ts';
import type { ShapeWriter } from './shapes.ts';
import type { Plain } from './write-yaml.ts';

const METHODS = /^(?:GET|POST|PUT|PATCH|DELETE|QUERY)$/;
const NAME = /^[\w.$@:-][\w.$@:[\]-]{0,79}$/;

export interface OperationsInput {
  readonly calls: readonly ObservedCall[];
  readonly roots: ReadonlyMap<string, Place>;
  readonly resourceOf: ReadonlyMap<Place, DraftResource>;
  readonly declared: readonly DeclaredOperation[];
  readonly shapes: ShapeWriter;
  /** Origin → name of its server. */
  readonly servers: ReadonlyMap<string, string>;
  readonly personIds: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
  /** Why GraphQL is left out; undefined if it is not. */
  readonly noGraphql: string | undefined;
}

export interface DraftedOperation {
  readonly name: string;
  readonly source: Plain;
  readonly undecided: string | undefined;
  readonly by: string | undefined;
  readonly because: 'documented' | 'enforced' | 'given-to-everybody' | 'undecided';
  readonly calls: readonly ObservedCall[];
}

/** The operations that succeeded; the others are left out, with the reason. */
export function draftOperations(input: OperationsInput): { operations: DraftedOperation[]; leftOut: LeftOut[] } {
  const operations: DraftedOperation[] = [];
  const leftOut: LeftOut[] = [];
  const byName = groupBy(input.calls, ({ operation }) => operation);
  const graphql = input.calls.filter(({ isGraphql }) => isGraphql).length;
  if (graphql > 0 && input.noGraphql !== undefined)
    leftOut.push({ what: 'GraphQL', why: `${graphql} requests; ${input.noGraphql}` });
  for (const [name, calls] of [...byName].sort(([a], [b]) => compareText(a, b))) {
    if (calls.every(({ isGraphql }) => isGraphql)) continue;
    const why = whyLeftOut(name, calls);
    const twin = operations.find((each) => isTwin(each.name, name));
    if (why !== undefined) leftOut.push({ what: name, why });
    else if (twin) leftOut.push({ what: name, why: `it matches the same requests as ${twin.name}` });
    else operations.push(draftOperation(name, calls, input));
  }
  return { operations, leftOut };
}

/** Whether two operations match a common path, and neither is more specific. */
function isTwin(a: string, b: string): boolean {
  const [one, other] = [operationParts(a), operationParts(b)];
  return (
    one.method === other.method &&
    isConflict(parseTemplate(one.template).segments, parseTemplate(other.template).segments)
  );
}

function whyLeftOut(name: string, calls: readonly ObservedCall[]): string | undefined {
  const { method, template: path } = operationParts(name);
  if (!METHODS.test(method)) return 'its method is not one of a contract';
  const { segments, faults } = parseTemplate(path);
  const names = parametersOf(segments);
  const example = fillTemplate(segments, () => 'x');
  if (!path.startsWith('/') || faults.length > 0 || new Set(names).size < names.length)
    return 'its path cannot be written with parameters';
  if (typeof readTarget(example) === 'string' || /[?#{}]/.test(example) || !isDecodable(example))
    return 'no request that a guard lets through has this path';
  const answered = calls.filter(({ status }) => status > 0);
  if (answered.length === 0) return 'no answer to it is known';
  if (answered.some(isLogin)) return 'it logs its caller in, and its answer is for whoever that is';
  const good = answered.filter(isSuccess);
  if (good.length === 0) return `no request succeeded (${statuses(answered)})`;
  if (good.every(({ kind }) => kind === 'not-kept')) return 'its answers have no body in the evidence';
  if (good.every(({ kind }) => kind !== 'json' && kind !== 'empty' && kind !== 'not-kept'))
    return 'its answers are no JSON';
  return undefined;
}

function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}

const statuses = (calls: readonly ObservedCall[]): string =>
  [...new Set(calls.map(({ status }) => status))]
    .sort((a, b) => a - b)
    .slice(0, 6)
    .join(', ');

function draftOperation(name: string, calls: readonly ObservedCall[], input: OperationsInput): DraftedOperation {
  const root = input.roots.get(name);
  const returns = root && input.shapes.returned(root);
  const who = callersOf(name, calls, input);
  const because = root && returns === undefined ? ('undecided' as const) : who.because;
  const undecided =
    root && returns === undefined
      ? 'what it returns has no form that tells whose it is'
      : 'undecided' in who
        ? who.undecided
        : undefined;
  const owner = ownerParameter(name, calls, input.personIds);
  const isOwnersOnly = undecided !== undefined && owner !== undefined;
  const query = namesOf(calls, input.values);
  const [method = ''] = name.split(' ');
  const accepts = method === 'GET' ? [] : sentIn(calls, input.values);
  const servers = serversOf(calls, input.servers);
  const by = 'by' in who ? who.by : undefined;
  return {
    name,
    by: undecided === undefined ? by : undefined,
    undecided,
    because,
    calls,
    source: {
      ...(undecided === undefined ? { by: by ?? 'nobody' } : { undecided }),
      ...(isOwnersOnly ? { owner: `path.${owner}` } : {}),
      ...(query.length > 0 ? { query } : {}),
      ...(accepts.length > 0 ? { accepts } : {}),
      ...(root ? { returns: returns ?? 'any' } : {}),
      ...(servers.length < input.servers.size ? { servers } : {}),
    },
  };
}

type Callers =
  | { readonly by: string; readonly because: 'documented' | 'enforced' | 'given-to-everybody' }
  | { readonly undecided: string; readonly because: 'undecided' };

/** Who may call it: what a description says, else what the API refuses; never what strangers were given of somebody's. */
function callersOf(
  name: string,
  calls: readonly ObservedCall[],
  { declared, roots, resourceOf }: OperationsInput,
): Callers {
  const shape = shapeOfName(name);
  const security = declared.find((each) => each.protocol === 'http' && shapeOfName(each.name) === shape)?.security;
  if (security !== undefined && security.length > 0 && security.every((set) => set.length > 0))
    return { by: 'member', because: 'documented' };
  const anonymous = calls.filter(({ caller }) => caller === ANONYMOUS_CALLER);
  const given = anonymous.some(isSuccess);
  const refused = anonymous.filter(({ status }) => status === 401 || status === 403);
  if (!given && refused.length > 0) return { by: 'member', because: 'enforced' };
  const root = roots.get(name);
  const isPublic = root === undefined || ![...placesBelow(root)].some((place) => isSomebodys(place, resourceOf));
  if (given && isPublic) return { by: 'anyone', because: 'given-to-everybody' };
  if (security !== undefined) return { by: 'anyone', because: 'documented' };
  return {
    undecided: given
      ? "callers without a login were answered with what is personal or somebody's"
      : 'nobody without a login was seen to try it',
    because: 'undecided',
  };
}

function isSomebodys(place: Place, resourceOf: ReadonlyMap<Place, DraftResource>): boolean {
  const resource = resourceOf.get(place);
  if (resource && resource.owners !== 'none') return true;
  const name = place.steps.findLast((step) => step !== '*') ?? '';
  return place.members.size === 0 && classify({ name, of: resource?.name ?? '', shapes: place.shapes }) !== undefined;
}

const shapeOfName = (name: string): string => name.replaceAll(/\{[^}]*\}/g, '{}').replace(/(.)\/$/, '$1');

/** The path parameter whose values are ids of people. */
function ownerParameter(name: string, calls: readonly ObservedCall[], ids: ReadonlySet<string>): string | undefined {
  const names = [...name.matchAll(/\{([^}]*)\}/g)].map(([, each]) => each ?? '');
  return names.find((_, at) => {
    const values = calls.flatMap(({ path }) => path[at]?.[1] ?? []);
    return values.some((each) => each.length >= 8 && ids.has(each));
  });
}

function namesOf(calls: readonly ObservedCall[], values: ReadonlySet<string>): string[] {
  const repeats = new Map<string, boolean>();
  for (const { query } of calls) {
    const seen = new Set<string>();
    for (const [name] of query) {
      if (!NAME.test(name) || values.has(name.toLowerCase())) continue;
      repeats.set(name, repeats.get(name) === true || seen.has(name));
      seen.add(name);
    }
  }
  return [...repeats].map(([name, twice]) => (twice ? `${name}*` : name)).sort(compareText);
}

function sentIn(calls: readonly ObservedCall[], values: ReadonlySet<string>): string[] {
  const names = calls.filter(isSuccess).flatMap(({ sent }) => sent);
  return [...new Set(names)].filter((name) => NAME.test(name) && !values.has(name.toLowerCase())).sort(compareText);
}

function serversOf(calls: readonly ObservedCall[], servers: ReadonlyMap<string, string>): string[] {
  const found = calls.flatMap(
    ({ exchange: { request } }) => servers.get(`${request.scheme}://${request.authority}`) ?? [],
  );
  return [...new Set(found)].sort(compareText);
}
