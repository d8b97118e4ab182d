import { endsBelow, type PathTreeNode } from './path-tree.ts';

/** The responses of one method and one path below a node. */
interface EndpointProfile {
  readonly statuses: Set<string>;
  /** Pointers in the bodies of 2xx responses. */
  readonly pointers: Set<string>;
  succeeded: boolean;
  informative: boolean;
}

/** The responses below a node, by method and path; in `wildcard` the last word of each path is replaced, for nodes that share none. */
export interface ResponseProfile {
  readonly exact: ReadonlyMap<string, EndpointProfile>;
  readonly wildcard: ReadonlyMap<string, EndpointProfile>;
}

export type Similarity = 'similar' | 'different' | 'unknown';

export function responseProfileOf(node: PathTreeNode): ResponseProfile {
  const exact = new Map<string, EndpointProfile>();
  const wildcard = new Map<string, EndpointProfile>();
  for (const [suffix, { frame, stats }] of endsBelow(node)) {
    const withWildcard = suffix.replace(/\/[^/{]+$/, '/{}');
    for (const [map, key] of [
      [exact, suffix],
      [wildcard, withWildcard],
    ] as const) {
      const name = `${frame.method} ${key}`;
      const endpoint = map.get(name) ?? {
        statuses: new Set(),
        pointers: new Set(),
        succeeded: false,
        informative: false,
      };
      map.set(name, endpoint);
      if (frame.succeeded) endpoint.succeeded = true;
      if (frame.informative) endpoint.informative = true;
      for (const [status, response] of stats.responses) {
        endpoint.statuses.add(status);
        if (frame.succeeded) for (const pointer of response.fields.keys()) endpoint.pointers.add(pointer);
      }
    }
  }
  return { exact, wildcard };
}

/** True if any response was 2xx. */
export function hasSucceeded(profile: ResponseProfile): boolean {
  return [...profile.exact.values()].some(({ succeeded }) => succeeded);
}

/**
 * Compares two profiles by the methods and paths that they share. `different` if one of these differs; `unknown` if none has an
 * informative response in both.
 */
export function compareResponseProfiles(a: ResponseProfile, b: ResponseProfile): Similarity {
  const exact = compareEndpoints(a.exact, b.exact);
  return exact === 'none' ? orDifferent(compareEndpoints(a.wildcard, b.wildcard)) : exact;
}

function orDifferent(outcome: Similarity | 'none'): Similarity {
  return outcome === 'none' ? 'different' : outcome;
}

function compareEndpoints(
  a: ReadonlyMap<string, EndpointProfile>,
  b: ReadonlyMap<string, EndpointProfile>,
): Similarity | 'none' {
  let outcome: Similarity | 'none' = 'none';
  for (const [name, mine] of a) {
    const theirs = b.get(name);
    if (!theirs?.succeeded || !mine.succeeded) continue;
    if (mine.informative && theirs.informative) {
      if (!overlaps(mine.pointers, theirs.pointers)) return 'different';
      outcome = 'similar';
    } else if (outcome === 'none') outcome = 'unknown';
  }
  return outcome;
}

/** True if every method and path of `part` is in `whole`, with no pointer in its responses that is not there. */
export function answersSubsetOf(part: ResponseProfile, whole: ResponseProfile): boolean {
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

/** True if every method and path of `failing` is in `group`, with no status that is not there, apart from those for not found. */
export function failsWithin(failing: ResponseProfile, group: ResponseProfile): boolean {
  return [...failing.exact].every(([name, { statuses }]) => {
    const same = group.exact.get(name);
    return (
      same !== undefined && [...statuses].every((status) => NOT_FOUND_STATUSES.has(status) || same.statuses.has(status))
    );
  });
}

/** True if every response was one that a missing object may have. */
export function wasNeverFound(profile: ResponseProfile): boolean {
  return [...profile.exact.values()].every(({ statuses }) =>
    [...statuses].every((status) => NOT_FOUND_STATUSES.has(status)),
  );
}

const NOT_FOUND_STATUSES: ReadonlySet<string> = new Set(['400', '404', '410', '422', 'none']);

/** True if half of all pointers are shared, or nine tenths of the smaller set are. */
function overlaps(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  let shared = 0;
  for (const pointer of a) if (b.has(pointer)) shared++;
  return shared * 2 >= a.size + b.size - shared || shared >= 0.9 * Math.min(a.size, b.size);
}
