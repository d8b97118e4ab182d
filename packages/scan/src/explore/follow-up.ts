import { type ExchangeRead, readExchange } from '@leakproof/sources';
import type { Exchange } from '@leakproof/core';
import { destructiveWord } from './destructive-words.ts';
import { endpointOf, type ExploreRequest } from './explore-request.ts';

/** Links of one response that are followed. */
const MAX_LINKS = 20;
const NEXT = /^(?:next|next_?(?:page|url|link|href)|nextPageUrl)$/i;
const LINK = /^(?:href|url|self|link|links?|uri|location|related|.*_?ur[li]|.*Ur[li]|.*[hH]ref)$/;

/** Requests that a response names: the next page, and links to objects. Only at these origins, and nothing called like an act. */
export function linksOf(exchange: Exchange, origins: readonly string[]): ExploreRequest[] {
  const { request, response } = exchange;
  const base = `${request.scheme}://${request.authority}${request.target}`;
  const found = new Map<string, ExploreRequest>();
  const add = (href: string, why: 'link' | 'page'): void => {
    const url = /^(?:https?:\/\/|\/(?!\/)|\?)[!-~]{1,2000}$/.test(href) ? URL.parse(href, base) : null;
    if (!url || url.username !== '' || url.password !== '' || !origins.includes(url.origin)) return;
    const target = `${url.pathname}${url.search}`;
    if (destructiveWord(target) !== undefined || ASSET.test(url.pathname) || found.size >= MAX_LINKS) return;
    const operation = why === 'page' ? `GET ${url.pathname} (pages)` : `GET ${shapeOf(target)}`;
    found.set(target, { endpoint: endpointOf(url.origin), method: 'GET', target, headers: [], why, operation });
  };
  for (const [name, value] of response?.headers ?? []) {
    if (name === 'link')
      for (const [, href = '', parameters = ''] of value.matchAll(/<([^>]*)>([^,]*)/g))
        add(href, /rel="?next/i.test(parameters) ? 'page' : 'link');
    if (name === 'location' && (response?.status ?? 0) >= 300 && (response?.status ?? 0) < 400) add(value, 'link');
  }
  const { response: body } = readExchange(exchange);
  if (body.kind === 'json') visitTexts(body.value, (name, text) => add(text, NEXT.test(name) ? 'page' : 'link'));
  return [...found.values()];
}

/** Pictures, scripts and pages: no data. */
const ASSET = /\.(?:png|jpe?g|gif|svg|webp|ico|css|js|mjs|map|woff2?|ttf|html?|pdf|zip|mp4|webm)$/i;

type VisitText = (name: string, text: string) => void;

interface TextPlace {
  readonly name: string;
  readonly depth: number;
}

function visitTexts(value: unknown, visit: VisitText, { name, depth }: TextPlace = { name: '', depth: 0 }): void {
  if (depth > 8) return;
  if (typeof value === 'string') {
    if (NEXT.test(name) || LINK.test(name)) visit(name, value);
  } else if (Array.isArray(value))
    for (const each of value.slice(0, 100)) visitTexts(each, visit, { name, depth: depth + 1 });
  else if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value)) {
      const isHref = key === 'href' && typeof each === 'string';
      if (isHref) visit(NEXT.test(name) ? name : 'href', each);
      else visitTexts(each, visit, { name: key, depth: depth + 1 });
    }
}

/** The list that an object is in, by its path: `/notes` of `/notes/7`, and `/users` of `/users/5/notes`. */
export function collectionsOf({ exchange: { request }, segments }: ExchangeRead): ExploreRequest[] {
  const [path = ''] = request.target.split('?', 1);
  const raw = path.split('/').slice(1);
  return segments.flatMap(({ isId }, index) => {
    if (!isId || index === 0 || segments[index - 1]?.isId) return [];
    const target = `/${raw.slice(0, index).join('/')}`;
    if (destructiveWord(target) !== undefined) return [];
    const endpoint = endpointOf(`${request.scheme}://${request.authority}`);
    return [
      { endpoint, method: 'GET', target, headers: [], why: 'collection' as const, operation: `GET ${shapeOf(target)}` },
    ];
  });
}

/** The target with `{}` for segments that are ids, without its query. */
function shapeOf(target: string): string {
  const [path = ''] = target.split('?', 1);
  return path.replaceAll(/(?<=\/)(?:\d+|[0-9a-fA-F-]{16,}|[A-Za-z0-9_-]{20,})(?=\/|$)/g, '{}');
}
