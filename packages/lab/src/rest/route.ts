import type { Door } from '../surface/door.ts';
import { REST_DOORS } from '../surface/rest-doors.ts';
import { ANSWERS } from './answers/index.ts';
import type { Answer } from './call.ts';

export interface Route {
  readonly door: Door;
  readonly answer: Answer;
  readonly path: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly door: Door;
  readonly answer: Answer;
  readonly method: string;
  readonly segments: readonly string[];
}

const PATTERNS: readonly Pattern[] = REST_DOORS.map((door) => {
  const [method = '', template = ''] = door.operation.split(' ');
  const answer = ANSWERS[door.operation];
  if (answer === undefined) throw new Error(`no answer for ${door.operation}`);
  return { door, answer, method, segments: template.split('/') };
});

/** The operation of a method and a path, the first that fits in the order of the doors; undefined is a 404. */
export function routeOf(method: string, pathname: string): Route | undefined {
  const segments = pathname.split('/').map(decodeSegment);
  for (const { door, answer, segments: wanted, method: wantedMethod } of PATTERNS) {
    if (wantedMethod !== method || wanted.length !== segments.length) continue;
    const path = matchSegments(wanted, segments);
    if (path !== undefined) return { door, answer, path };
  }
  return undefined;
}

function matchSegments(
  wanted: readonly string[],
  segments: readonly (string | undefined)[],
): Record<string, string> | undefined {
  const path: Record<string, string> = {};
  for (const [place, want] of wanted.entries()) {
    const segment = segments[place];
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
