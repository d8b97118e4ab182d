import type { MatchedOperation } from '../inventory/paths/operation-matcher.ts';
import type { ExchangeRead } from '../inventory/read-exchange.ts';
import { isPaging } from './list-end.ts';

/** Keys of a list request. They contain digests, no values. */
export interface ListKeys {
  /** The same for two identities that each request their own list: ids of the caller are `self`, other values digests. */
  readonly listKey: string;
  /** The same for every caller: all values are digests. */
  readonly requestKey: string;
  /** The paging parameters. */
  readonly page: string;
  /** True if every id in the path is one of the caller. */
  readonly selfScoped: boolean;
}

interface ListRequest {
  readonly read: ExchangeRead;
  readonly matched: MatchedOperation;
  /** Ids of the caller. */
  readonly ownIds: readonly string[];
}

export function listKeys({ read, matched, ownIds }: ListRequest, digest: (text: string) => string): ListKeys {
  const parameters = [...matched.path, ...read.query.filter(([name]) => !isPaging(name))];
  const body = read.request.kind === 'json' ? Buffer.from(read.exchange.request.body ?? []).toString('latin1') : '';
  const keyWith = (own: readonly string[]): string => {
    const parts = parameters.map(([name, value]) => `${name}=${own.includes(value) ? 'self' : digest(value)}`);
    return [matched.origin, matched.name, ...parts.sort(), body === '' ? '' : digest(body)].join(' ');
  };
  const paging = read.query.filter(([name]) => isPaging(name)).map(([name, value]) => `${name}=${digest(value)}`);
  return {
    listKey: keyWith(ownIds),
    requestKey: keyWith([]),
    page: paging.sort().join(' '),
    selfScoped: matched.path.every(([, value]) => ownIds.includes(value)),
  };
}
