import {
  admit,
  type CompiledContract,
  decodeUtf8,
  type Exchange,
  expectResponse,
  isLeakproofError,
  judge,
  type JsonText,
  type Known,
  observe,
  type Principal,
  principalForServer,
  readJson,
  type Refusal,
  type RequestView,
  routeOf,
  type Ruling,
  type Sighting,
} from '@leakproof/core';

/** What the contract says of one request and its response. It contains names of the contract only: no value, id or key of a body. */
export interface Explanation {
  /** Where the exchange stands in its file. */
  readonly at: string;
  readonly operation?: string;
  readonly server?: string;
  /** The kind of the caller at this server. */
  readonly principal?: string;
  /** Why the request is refused; absent: it is allowed. */
  readonly refusal?: Refusal;
  readonly objects: readonly ExplainedObjects[];
  /** Relations and states that are unknown and could change the answer, sorted. */
  readonly unknown: readonly string[];
  /** Why nothing is said of the response. */
  readonly unread?: string;
}

/** Objects of a response on which the contract says the same. */
export interface ExplainedObjects {
  readonly resource: string;
  readonly count: number;
  readonly relations: readonly string[];
  readonly states: readonly string[];
  /** Field → why it is withheld; undefined: it is allowed. */
  readonly fields: ReadonlyMap<string, string | undefined>;
  /** Members that the contract does not declare. */
  readonly undeclared: number;
}

export interface Explaining {
  readonly contract: CompiledContract;
  readonly principal: Principal;
  readonly known: Known;
}

/** Explains one exchange as `principal`. Never throws because of the exchange. */
export function explainExchange({ request, response, provenance }: Exchange, explaining: Explaining): Explanation {
  const { contract, known } = explaining;
  const view: RequestView = { ...request, body: request.body };
  const { at = '' } = provenance;
  const route = routeOf(contract, view);
  if ('type' in route) return { at, refusal: route, objects: [], unknown: [] };
  const { server } = route.serverMatch;
  const principal = principalForServer(contract, server, explaining.principal);
  const admitted = admit(contract, view, explaining.principal, known, true);
  const found = expectResponse(contract, view);
  const refusal = found.type === 'refusal' ? found : admitted;
  const head = {
    at,
    server: server.name,
    principal: principal.kind,
    ...(refusal.type === 'refusal' ? { refusal } : {}),
    objects: [],
    unknown: [],
  };
  if (found.type === 'refusal') return head;
  const { operation } = found;
  const json = jsonOf(response?.body);
  if (typeof json === 'string') return { ...head, operation, unread: json };
  const rulings = observe(contract, found.expected, json).sightings.map((sighting) => ({
    sighting,
    ruling: judge(contract, principal, sighting, known),
  }));
  const asks = rulings.flatMap(({ ruling }) => ruling.asks);
  const unknown = asks.map((claim) => (claim.type === 'relation' ? claim.relation : claim.state));
  return { ...head, operation, objects: groupsOf(rulings), unknown: [...new Set(unknown)].sort() };
}

interface Ruled {
  readonly sighting: Sighting;
  readonly ruling: Ruling;
}

function groupsOf(rulings: readonly Ruled[]): ExplainedObjects[] {
  const groups = new Map<string, ExplainedObjects>();
  for (const ruled of rulings) {
    const one = explained(ruled);
    const key = JSON.stringify({ ...one, fields: [...one.fields] });
    groups.set(key, { ...one, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}

function explained({ sighting, ruling }: Ruled): ExplainedObjects {
  const declared = sighting.fields.flatMap(({ field, fault }, index) =>
    fault === 'undeclared' ? [] : [[field, ruling.forbidden.get(index)] as const],
  );
  const { resource, fields } = sighting;
  const { relations, states } = ruling;
  return {
    resource,
    count: 1,
    relations,
    states,
    fields: new Map(declared),
    undeclared: fields.length - declared.length,
  };
}

/** The body as JSON, or why it is not read. */
function jsonOf(body: Uint8Array | undefined): JsonText | string {
  if (!body || body.length === 0) return 'the response has no body';
  try {
    return readJson(decodeUtf8(body));
  } catch (error) {
    if (isLeakproofError(error)) return 'the response is not valid JSON';
    throw error;
  }
}
