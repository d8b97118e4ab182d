import { endsBelow, type PathTreeNode } from './path-place.ts';

/** How one endpoint (method and what follows the place) answered. */
interface Endpoint {
  readonly statuses: Set<string>;
  /** Pointers of the bodies of 2xx answers; empty if none had a body that says anything. */
  readonly pointers: Set<string>;
  succeeded: boolean;
  telling: boolean;
}

/** How a place answered, by method and suffix; `starred` has words after the place replaced, for when no suffix is shared. */
export interface ResponseProfile {
  readonly exact: ReadonlyMap<string, Endpoint>;
  readonly starred: ReadonlyMap<string, Endpoint>;
}

export type Likeness = 'alike' | 'unlike' | 'unknown';

export function responseProfileOf(place: PathTreeNode): ResponseProfile {
  const exact = new Map<string, Endpoint>();
  const starred = new Map<string, Endpoint>();
  for (const [suffix, { frame, stats }] of endsBelow(place)) {
    const star = suffix.replace(/\/[^/{]+$/, '/{}');
    for (const [map, key] of [
      [exact, suffix],
      [starred, star],
    ] as const) {
      const name = `${frame.method} ${key}`;
      const endpoint = map.get(name) ?? { statuses: new Set(), pointers: new Set(), succeeded: false, telling: false };
      map.set(name, endpoint);
      if (frame.succeeded) endpoint.succeeded = true;
      if (frame.telling) endpoint.telling = true;
      for (const [status, response] of stats.responses) {
        endpoint.statuses.add(status);
        if (frame.succeeded) for (const pointer of response.fields.keys()) endpoint.pointers.add(pointer);
      }
    }
  }
  return { exact, starred };
}

/** True if any endpoint of the place ever answered 2xx. */
export function everSucceeded(conduct: ResponseProfile): boolean {
  return [...conduct.exact.values()].some(({ succeeded }) => succeeded);
}

/**
 * Compares two places by the endpoints they share. One that differs makes them unlike; none that tells anything leaves it
 * unknown.
 */
export function compareResponseProfiles(a: ResponseProfile, b: ResponseProfile): Likeness {
  const exact = compareEndpoints(a.exact, b.exact);
  return exact === 'none' ? orUnlike(compareEndpoints(a.starred, b.starred)) : exact;
}

function orUnlike(outcome: Likeness | 'none'): Likeness {
  return outcome === 'none' ? 'unlike' : outcome;
}

function compareEndpoints(a: ReadonlyMap<string, Endpoint>, b: ReadonlyMap<string, Endpoint>): Likeness | 'none' {
  let outcome: Likeness | 'none' = 'none';
  for (const [name, mine] of a) {
    const theirs = b.get(name);
    if (!theirs?.succeeded || !mine.succeeded) continue;
    if (mine.telling && theirs.telling) {
      if (!overlaps(mine.pointers, theirs.pointers)) return 'unlike';
      outcome = 'alike';
    } else if (outcome === 'none') outcome = 'unknown';
  }
  return outcome;
}

/** True if every endpoint of one place is one of the other's, and answered nothing that the other does not. */
export function answersPartOf(part: ResponseProfile, whole: ResponseProfile): boolean {
  return [...part.exact].every(([name, { pointers }]) => {
    const same = whole.exact.get(name);
    return (
      same !== undefined &&
      same.succeeded &&
      pointers.size > 1 &&
      [...pointers].every((pointer) => same.pointers.has(pointer))
    );
  });
}

/** True if a place that never succeeded failed only where and how the other does too. */
export function failsWithin(failing: ResponseProfile, group: ResponseProfile): boolean {
  return [...failing.exact].every(([name, { statuses }]) => {
    const same = group.exact.get(name);
    return same !== undefined && [...statuses].every((status) => ABSENT.has(status) || same.statuses.has(status));
  });
}

/** True if nothing but "there is no such thing" was ever answered. */
export function isAbsent(conduct: ResponseProfile): boolean {
  return [...conduct.exact.values()].every(({ statuses }) => [...statuses].every((status) => ABSENT.has(status)));
}

const ABSENT: ReadonlySet<string> = new Set(['400', '404', '410', '422', 'none']);

/** Half of all pointers are shared, or the smaller set is almost wholly in the larger one. */
function overlaps(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  let shared = 0;
  for (const pointer of a) if (b.has(pointer)) shared++;
  return shared * 2 >= a.size + b.size - shared || shared >= 0.9 * Math.min(a.size, b.size);
}
