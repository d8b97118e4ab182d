import { isKnown, ownerKey, type Principal } from '@leakproof/core';

/** The key of the owner that a principal is itself; empty for the anonymous caller. */
export function ownerKeyOf(principal: Principal): string {
  if (!isKnown(principal)) return '';
  return ownerKey({ kind: principal.ids, space: principal.space, id: principal.id });
}
