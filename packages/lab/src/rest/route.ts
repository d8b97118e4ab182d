import type { Operation } from '../surface/operation.ts';
import { REST_OPERATIONS } from '../surface/rest-operations.ts';
import { HANDLERS } from './handlers/index.ts';
import type { Handler } from './call.ts';

export interface Route {
  readonly operation: Operation;
  readonly handler: Handler;
  readonly path: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly operation: Operation;
  readonly handler: Handler;
  readonly method: string;
  readonly segments: readonly string[];
}

const PATTERNS: readonly Pattern[] = REST_OPERATIONS.map((operation) => {
  const [method = '', template = ''] = operation.name.split(' ');
  const handler = HANDLERS[operation.name];
  if (handler === undefined) throw new Error(`no handler for ${operation.name}`);
  return { operation, handler, method, segments: template.split('/') };
});

/** The first operation whose method and path template match; undefined is a 404. */
export function routeOf(method: string, pathname: string): Route | undefined {
  const segments = pathname.split('/').map(decodeSegment);
  for (const { operation, handler, segments: wanted, method: wantedMethod } of PATTERNS) {
    if (wantedMethod !== method || wanted.length !== segments.length) continue;
    const path = matchSegments(wanted, segments);
    if (path !== undefined) return { operation, handler, path };
  }
  return undefined;
}

function matchSegments(
  wanted: readonly string[],
  segments: readonly (string | undefined)[],
): Record<string, string> | undefined {
  const path: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (want.startsWith('{') && segment !== '') path[want.slice(1, -1)] = segment;
    else if (want !== segment) return undefined;
  }
  return path;
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
