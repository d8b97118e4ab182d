import type { ExchangeRead } from '../inventory/read-exchange.ts';
import type { ListFound } from './objects-in.ts';

/** Query parameters and arguments that select a page of a list. */
const PAGING =
  /^(?:page|page_?size|page_?number|per_?page|limit|offset|skip|take|size|count|first|last|after|before|cursor|start|start_?at|marker|next|since_?id|max_?id|top)$/i;

export function isPaging(name: string): boolean {
  return PAGING.test(name.replace(/^page\[(\w+)\]$/, 'page').replace(/^[$_]/, ''));
}

/** Whether a response contains the end of its list; `unknown` if it does not say so and its length is a usual page size. */
export function listEnd(read: ExchangeRead, { ids, wrapper }: ListFound): 'end' | 'more' | 'unknown' {
  const link = read.exchange.response?.headers.find(([name]) => name === 'link')?.[1];
  if (link !== undefined) return /rel="?next/.test(link) ? 'more' : 'end';
  for (const object of [wrapper, ...Object.values(wrapper).filter(isRecord)]) {
    for (const [name, value] of Object.entries(object)) {
      if (/^(?:has_?more|has_?next(?:_?page)?|show_?next|more)$/i.test(name) && typeof value === 'boolean')
        return value ? 'more' : 'end';
      if (/^(?:next(?:_?(?:page|cursor|token|link|url))?)$/i.test(name))
        return value === null || value === '' ? 'end' : 'more';
    }
  }
  const total = Object.entries(wrapper).find(([name]) =>
    /^total(?:_?(?:count|items|results|elements))?$/i.test(name),
  )?.[1];
  if (typeof total === 'number') return total <= ids.length ? 'end' : 'unknown';
  const limit = read.query.find(([name]) => /^(?:limit|per_?page|page_?size|size|first|take|top)$/i.test(name))?.[1];
  if (limit !== undefined && /^\d{1,6}$/.test(limit)) return ids.length < Number(limit) ? 'end' : 'unknown';
  return ids.length > 0 && ROUND.has(ids.length) ? 'unknown' : 'end';
}

/** Usual page sizes. */
const ROUND: ReadonlySet<number> = new Set([
  5, 10, 12, 15, 20, 24, 25, 30, 40, 48, 50, 60, 75, 80, 96, 100, 200, 250, 500, 1000,
]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
