/** What is wrong below a value, as a pointer (RFC 6901); undefined if nothing is. */
type Check = (value: unknown, pointer: string) => string | undefined;

/** Longer pointers are hostile: no contract nests so deep. */
const MAX_POINTER = 4_096;

const when =
  (holds: (value: unknown) => boolean): Check =>
  (value, pointer) =>
    holds(value) ? undefined : pointer || 'The root';

const text = when((value) => typeof value === 'string');
const flag = when((value) => typeof value === 'boolean');
const count = when((value) => Number.isSafeInteger(value) && (value as number) >= 0);
const anything: Check = () => undefined;
const oneOf = (...values: readonly unknown[]): Check => when((value) => values.includes(value));

const listOf =
  (of: Check): Check =>
  (value, pointer) =>
    Array.isArray(value) ? firstOf(value.entries(), of, pointer) : pointer;

const recordOf =
  (of: Check): Check =>
  (value, pointer) =>
    isRecord(value) ? firstOf(Object.entries(value), of, pointer) : pointer;

/** Members ending in `?` may be absent; others than these are a problem. */
function objectOf(members: Readonly<Record<string, Check>>): Check {
  const checks = new Map(Object.entries(members).map(([name, check]) => [name.replace(/\?$/, ''), check]));
  const required = Object.keys(members).filter((name) => !name.endsWith('?'));
  return (value, pointer) => {
    if (!isRecord(value) || pointer.length > MAX_POINTER) return pointer || 'The root';
    const missing = required.find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) return `${pointer}/${missing}`;
    for (const [name, each] of Object.entries(value)) {
      const problem = (checks.get(name) ?? when(() => false))(each, `${pointer}/${name}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

/** The first alternative that fits; else the problem of the last one. */
const anyOf =
  (...checks: readonly Check[]): Check =>
  (value, pointer) => {
    let problem: string | undefined;
    for (const check of checks) {
      problem = check(value, pointer);
      if (problem === undefined) return undefined;
    }
    return problem;
  };

function firstOf(
  entries: Iterable<readonly [number | string, unknown]>,
  of: Check,
  pointer: string,
): string | undefined {
  for (const [key, each] of entries) {
    const problem = of(each, `${pointer}/${key}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const texts = listOf(text);
const narrow = recordOf(texts);
const condition = objectOf({ cel: text, reads: listOf(texts) });
const lookup = objectOf({ method: oneOf('POST'), path: text, cacheMs: count, 'until?': text });
const mode = oneOf('enforce', 'monitor');
const protocol = oneOf('rest', 'graphql');
const grant = objectOf({ see: texts, narrow, 'of?': text });
const ownerPaths = listOf(objectOf({ kind: text, path: texts, 'as?': text }));
const endpoint = objectOf({ scheme: oneOf('http', 'https'), authority: text, path: text });

const SHAPES: Readonly<Record<string, Check>> = {
  plain: objectOf({ type: text }),
  any: objectOf({ type: text }),
  nothing: objectOf({ type: text }),
  ref: objectOf({ type: text, resource: text }),
  list: objectOf({ type: text, of: shape, 'gone?': oneOf('null') }),
  map: objectOf({ type: text, of: shape, key: text }),
  choice: objectOf({ type: text, by: text, cases: recordOf(shape), otherwise: anyOf(oneOf('drop'), shape) }),
  object: objectOf({
    type: text,
    resource: text,
    'only?': texts,
    'keys?': recordOf(objectOf({ field: text, 'shape?': shape, nonNull: flag, added: flag, 'narrow?': narrow })),
  }),
};

function shape(value: unknown, pointer: string): string | undefined {
  const type = isRecord(value) ? value['type'] : undefined;
  const check = typeof type === 'string' && Object.hasOwn(SHAPES, type) ? SHAPES[type] : undefined;
  return check ? check(value, pointer) : pointer;
}

const server = objectOf({
  name: text,
  endpoints: objectOf({ 'rest?': endpoint, 'graphql?': endpoint }),
  'internal?': text,
  space: text,
  authenticatesCaller: flag,
});

const jwks = anyOf(objectOf({ url: text }), objectOf({ keys: listOf(recordOf(anything)) }));
const secret = anyOf(objectOf({ env: text }), objectOf({ file: text }));
const hmac = listOf(oneOf('HS256', 'HS384', 'HS512'));
const asymmetric = listOf(when((value) => typeof value === 'string' && !value.startsWith('HS')));
const rules = { 'issuer?': text, 'audience?': text, 'leewayMs?': count };
const byJwks = { ...rules, algorithms: asymmetric, jwks };
const bySecret = { ...rules, algorithms: hmac, secret };

const identity = anyOf(
  objectOf({ how: oneOf('jwt'), ...bySecret }),
  objectOf({
    how: oneOf('verified'),
    header: text,
    from: texts,
    'value?': oneOf('text'),
    'signed?': anyOf(objectOf(bySecret), objectOf(byJwks)),
  }),
  objectOf({
    how: oneOf('api-key'),
    in: oneOf('header', 'query'),
    name: text,
    secret,
    keys: listOf(objectOf({ digest: when(isDigest), claims: recordOf(anything) })),
    'file?': text,
  }),
  objectOf({
    how: oneOf('userinfo'),
    target: when((value) => typeof value === 'string' && value.startsWith('/')),
    from: listOf(objectOf({ in: oneOf('header', 'cookie'), name: text })),
    refused: listOf(count),
    cacheMs: count,
  }),
  objectOf({ how: oneOf('jwt'), ...byJwks }),
);

const principal = objectOf({
  name: text,
  by: identity,
  id: texts,
  ids: text,
  everywhere: flag,
  space: anyOf(objectOf({ fixed: text }), objectOf({ claim: texts })),
});

const resource = objectOf({
  name: text,
  owner: anyOf(oneOf('none', 'parent'), ownerPaths),
  'id?': text,
  about: ownerPaths,
  'see?': grant,
  fields: recordOf(
    objectOf({
      grant,
      'leftToValue?': oneOf(true),
      shape,
      'class?': text,
      'instead?': when(isJson),
      'undecided?': text,
    }),
  ),
  'aggregate?': objectOf({ count: text, min: count }),
});

const templatePart = anyOf(objectOf({ literal: text }), objectOf({ parameter: text }));

const operation = objectOf({
  name: text,
  protocol,
  'servers?': texts,
  'method?': text,
  'template?': listOf(anyOf(templatePart, objectOf({ pattern: listOf(templatePart) }))),
  by: texts,
  'undecided?': text,
  'owner?': anyOf(
    objectOf({ from: oneOf('path'), parameter: text, kind: text, 'narrow?': narrow }),
    objectOf({ from: oneOf('body'), path: texts, kind: text, 'narrow?': narrow }),
    objectOf({ from: oneOf('operation'), operation: text, 'harmless?': texts, 'narrow?': narrow }),
  ),
  parameters: listOf(
    objectOf({
      in: oneOf('path', 'query', 'header', 'argument', 'body'),
      name: text,
      repeats: flag,
      isPrincipal: flag,
      'optional?': oneOf(true),
    }),
  ),
  'accepts?': texts,
  returns: shape,
  'responseHeaders?': texts,
  'positional?': oneOf(true),
  'narrow?': narrow,
  'mode?': mode,
});

/** Where a compiled contract is not what `compiled.ts` says it is: a pointer into it. O(size). */
export function checkCompiled(value: unknown): string | undefined {
  return COMPILED(value, '');
}

const COMPILED = objectOf({
  format: oneOf(2),
  servers: listOf(server),
  principals: listOf(principal),
  owners: recordOf(objectOf({ subject: flag })),
  relations: recordOf(objectOf({ of: text, 'when?': condition, 'object?': recordOf(condition), 'lookup?': lookup })),
  states: recordOf(objectOf({ of: text, 'object?': recordOf(condition), 'lookup?': lookup, unknown: flag })),
  resources: recordOf(resource),
  operations: listOf(operation),
  'schema?': text,
  'types?': recordOf(text),
  mode,
  undeclared: objectOf({ operations: oneOf('deny', 'pass'), parameters: oneOf('deny', 'pass') }),
  on: objectOf({ 'no-ledger': oneOf('refuse', 'pass'), 'no-lookup': oneOf('deny') }),
  budgets: listOf(
    objectOf({
      per: oneOf('principal'),
      count: oneOf('owners'),
      withinMs: count,
      max: count,
      steps: listOf(oneOf('observe', 'delay', 'public-only', '429', 'freeze')),
    }),
  ),
  foreign: oneOf(404, 403),
  'undeclaredInDocument?': texts,
  'requestHeaders?': texts,
  'cookies?': texts,
});

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function isJson(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
