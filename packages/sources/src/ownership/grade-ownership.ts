import type { Exchange } from '@leakproof/core';
import { compareText } from '../inventory/stats/counted.ts';
import { gradeObject } from './grade-object.ts';
import { observeObjects, type ObserveOptions } from './observe-objects.ts';
import type { ObservedPrincipal, OwnershipReport } from './ownership.ts';
import { learnPrincipals } from './principals.ts';

export interface GradeOptions extends ObserveOptions {
  /** By identity. What bearer tokens claim of their own callers is added. */
  readonly principals?: Readonly<Record<string, ObservedPrincipal>> | undefined;
}

/**
 * Grades who owns what, from exchanges in the order of time. O3: created by an identity and read back by it; O2: in its own complete
 * list, twice, and in no list of another identity, after an anonymous attempt; O1: a property or the path names it; O0: seen only,
 * which proves nothing. Pure.
 */
export function gradeOwnership(exchanges: readonly Exchange[], options: GradeOptions): OwnershipReport {
  const principals = learnPrincipals(exchanges, options.principals ?? {});
  const observed = observeObjects(exchanges, principals, options);
  const objects = [...observed.objects].flatMap(([digest, object]) =>
    gradeObject(object, { digest, inLists: observed.lists.evidenceFor(digest), principals }),
  );
  return {
    objects: objects.sort((a, b) =>
      compareText(`${a.kind} ${a.object} ${a.owner}`, `${b.kind} ${b.object} ${b.owner}`),
    ),
    unlabelled: observed.unlabelled,
  };
}
