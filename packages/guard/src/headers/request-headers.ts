import { type CompiledContract, isOverrideHeader } from '@leakproof/core';
import { HOP_BY_HOP } from '@leakproof/http';

/** What a body is, and in which form the response is wanted. */
export const OF_THE_FORM = [
  'accept',
  'accept-charset',
  'accept-language',
  'content-digest',
  'content-disposition',
  'content-language',
  'content-md5',
  'content-range',
  'content-type',
  'idempotency-key',
];
/**
 * Request headers that are sent on as they are, whatever the contract says (pitfall L2, docs/pitfalls.md). They say what the client
 * accepts, what its body is, and who it is as software: none of them chooses an object or names a caller. A list of what to
 * remove would never be complete.
 */
const ALWAYS_SENT = [
  ...OF_THE_FORM,
  'origin',
  'referer',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-request-id',
  'x-requested-with',
];
/** Conditions (RFC 9110 §13.1): sent with a write, which would else be made without them; taken off a read (pitfall S2). */
export const CONDITIONS = ['if-match', 'if-modified-since', 'if-none-match', 'if-unmodified-since'];
/** Of a preflight (WHATWG Fetch). */
const PREFLIGHT = [
  'access-control-request-headers',
  'access-control-request-method',
  'access-control-request-private-network',
];
/** Taken off reads, set anew, or of the connection: their removal needs no notice. */
const HANDLED = new Set([
  ...HOP_BY_HOP,
  'accept-encoding',
  'authorization',
  'content-encoding',
  'content-length',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'if-range',
  'range',
  'via',
  ...CONDITIONS,
]);
/** A condition of a product or protocol (WebDAV `If`, `x-goog-if-generation-match`), or the wish that nothing is done. */
const CHANGES_WRITE = /(?:^|-)if(?:-|$)|(?:^|-)dry-?run(?:-|$)|(?:^|-)(?:validate|check)-only(?:-|$)/;

const READS = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY']);

/**
 * What happens to a request header. `handled`: taken off or set anew, as documented. `dropped`: not sent, because nobody declared
 * it. `refused`: the request is, because without the header it would be another one.
 */
export type HeaderFate = 'sent' | 'handled' | 'dropped' | 'refused';

/** A request as far as its headers are judged by it. `operations`: names in the contract; empty if it is undeclared. */
export interface HeaderContext {
  readonly method: string;
  readonly operations: readonly string[];
}

interface SentCredentials {
  readonly credentials: readonly string[];
  readonly authorization: boolean;
  readonly cookies: boolean;
}

/** Which request headers the origin gets. */
export class RequestHeaders {
  readonly #read: ReadonlySet<string>;
  readonly #write: ReadonlySet<string>;
  readonly #preflight: ReadonlySet<string>;
  readonly #byOperation: ReadonlyMap<string, readonly string[]>;
  /** With the headers of one operation, made when first needed. */
  readonly #combined = new Map<string, ReadonlySet<string>>();
  /** Every header that some request may send: `Connection` must not be able to remove them. */
  readonly deciding: ReadonlySet<string>;

  /** `credentials`: headers with credentials; the others: whether the origin gets the client's. */
  constructor(contract: CompiledContract, { credentials, authorization, cookies }: SentCredentials) {
    const { everywhere, byOperation } = declaredHeaders(contract);
    const always = [
      ...ALWAYS_SENT,
      ...credentials,
      ...everywhere,
      ...(authorization ? ['authorization'] : []),
      ...(cookies ? ['cookie'] : []),
    ];
    this.#read = new Set(always);
    this.#write = new Set([...always, ...CONDITIONS]);
    this.#preflight = new Set([...always, ...PREFLIGHT]);
    this.#byOperation = byOperation;
    this.deciding = new Set([
      ...this.#write,
      ...[...this.#byOperation.values()].flat(),
      'host',
      'authorization',
      'cookie',
      'content-length',
      'content-encoding',
    ]);
  }

  /** Names of the headers that are sent as they are, for a request of these operations. */
  sent({ method, operations }: HeaderContext): ReadonlySet<string> {
    const base = method === 'OPTIONS' ? this.#preflight : READS.has(method) ? this.#read : this.#write;
    if (this.#byOperation.size === 0) return base;
    const declared = operations.filter((name) => this.#byOperation.has(name));
    const [only] = declared;
    if (only === undefined) return base;
    if (declared.length > 1) return this.#with(base, declared);
    const key = `${READS.has(method) ? 'read' : 'write'} ${only}`;
    let combined = this.#combined.get(key);
    if (!combined) this.#combined.set(key, (combined = this.#with(base, declared)));
    return combined;
  }

  fate(name: string, context: HeaderContext): HeaderFate {
    if (this.sent(context).has(name)) return 'sent';
    if (HANDLED.has(name)) return 'handled';
    if (isOverrideHeader(name)) return 'refused';
    if (/^(?:x-forwarded|proxy)-/.test(name)) return 'handled';
    return !READS.has(context.method) && CHANGES_WRITE.test(name.replaceAll('_', '-')) ? 'refused' : 'dropped';
  }

  #with(base: ReadonlySet<string>, operations: readonly string[]): ReadonlySet<string> {
    return new Set([...base, ...operations.flatMap((name) => this.#byOperation.get(name) ?? [])]);
  }
}

/** The names that a contract declares, in lower case: the one place where its request headers come from. */
function declaredHeaders({ operations, requestHeaders = [] }: CompiledContract): {
  readonly everywhere: readonly string[];
  readonly byOperation: ReadonlyMap<string, readonly string[]>;
} {
  const byOperation = operations.flatMap(({ name, parameters }) => {
    const headers = parameters.flatMap((each) => (each.in === 'header' ? [each.name] : [])).filter(isPlain);
    return headers.length > 0 ? [[name, headers] as const] : [];
  });
  return { everywhere: requestHeaders.filter(isPlain), byOperation: new Map(byOperation) };
}

/** A name that chooses another method or target is never sent, even if a contract declares it. */
function isPlain(name: string): boolean {
  return !isOverrideHeader(name);
}
