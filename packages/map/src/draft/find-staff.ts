import { wordsOf } from '../classify/classify.ts';
import { idText } from '../evidence/caller-claims.ts';
import type { FoundPrincipal } from './find-principals.ts';
import type { DraftResource } from './resource.ts';

const ROLE = /(?:^| )(?:role|roles|group|groups|scope|scopes|scp|permission|permissions|authorities|type|kind)$/;
const FLAG = /(?:^| )(?:admin|administrator|staff|superuser|moderator|support|operator)$/;
const STAFF =
  /(?:^|[^a-z])(?:admin|administrator|staff|superuser|moderator|support|operator|root|owner of all)(?:[^a-z]|$)/i;

/** Tells callers whose token, or whose own object, says that they are staff. Wrong in their favour: they are then not judged. */
export function staffAmong(
  principals: ReadonlyMap<string, FoundPrincipal>,
  resources: readonly DraftResource[],
): (name: string) => boolean {
  const staffIds = new Set<string>();
  for (const { isPrincipal, idField, places } of resources) {
    if (!isPrincipal || idField === undefined) continue;
    for (const { value } of places.flatMap(({ objects }) => objects)) {
      const id = idText(value[idField]);
      if (id !== undefined && saysStaff(value)) staffIds.add(id);
    }
  }
  return (name) => {
    const principal = principals.get(name);
    return (
      principal !== undefined && (saysStaff(principal.claims) || [...principal.ids].some((id) => staffIds.has(id)))
    );
  };
}

const saysStaff = (fields: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(fields).some(([name, value]) => {
    const words = wordsOf(name);
    if (value === true || value === 1) return FLAG.test(words);
    return ROLE.test(words) && [value].flat().some((each) => typeof each === 'string' && STAFF.test(each));
  });
