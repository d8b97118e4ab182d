import type { MatchedOperation } from '../inventory/paths/operation-matcher.ts';
import type { ExchangeRead } from '../inventory/read-exchange.ts';
import { isPaging } from './list-end.ts';

/** What a list request asks for, without a value. */
export interface ListName {
  /** The same for two identities that each ask for their own: ids of the caller are `self`, all else is digested. */
  readonly name: string;
  /** The same whoever asks: ids of the caller are digested too. */
  readonly literal: string;
  readonly page: string;
  /** True if every id in the path is one of the caller's own. */
  readonly selfScoped: boolean;
}

export function nameList(
  read: ExchangeRead,
  matched: MatchedOperation,
  mine: readonly string[],
  digest: (text: string) => string,
): ListName {
  const chosen = [...matched.path, ...read.query.filter(([name]) => !isPaging(name))];
  const body = read.request.kind === 'json' ? Buffer.from(read.exchange.request.body ?? []).toString('latin1') : '';
  const nameWith = (own: readonly string[]): string => {
    const parts = chosen.map(([name, value]) => `${name}=${own.includes(value) ? 'self' : digest(value)}`);
    return [matched.origin, matched.name, ...parts.sort(), body === '' ? '' : digest(body)].join(' ');
  };
  const paging = read.query.filter(([name]) => isPaging(name)).map(([name, value]) => `${name}=${digest(value)}`);
  return {
    name: nameWith(mine),
    literal: nameWith([]),
    page: paging.sort().join(' '),
    selfScoped: matched.path.every(([, value]) => mine.includes(value)),
  };
}
