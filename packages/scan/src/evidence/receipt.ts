import type { CompiledContract } from '@leakproof/core';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { OperationOwners } from '../rulings/operation-owners.ts';
import type { SeenObject, SeenField } from '../reading/seen.ts';
import type { Baseline } from './baseline.ts';
import { type Envelopes, joinedValues } from '../ladder/envelopes.ts';
import { ownedIn } from '../ladder/owned-in.ts';

/** What one caller was answered, and what it was answered at the same door to other requests. */
export interface CallerResponse {
  readonly seen: readonly SeenObject[];
  readonly answered?: Envelopes | undefined;
}

/**
 * Whose value reached the caller.
 * `value`: the owner's own, in an object that can only be the owner's. `weak`: the owner's own, but anybody could have it.
 * `differs`: something else than the owner reads. `unmatched`: the owner reads nothing to compare it with. `none`: nothing.
 */
export type Receipt = 'value' | 'weak' | 'differs' | 'unmatched' | 'none';

export interface ReceiptContext {
  readonly contract: CompiledContract;
  readonly baseline: Baseline;
  readonly owners: OperationOwners;
}

/** What of one owner stands in one answer: each field with how well it is known to be the owner's. */
export function receiptsOf(
  room: ReceiptContext,
  owner: string,
  ask: PlannedRequest,
  { seen, answered }: CallerResponse,
): { readonly seen: SeenObject; readonly field: SeenField; readonly receipt: Receipt }[] {
  const owned = ownedIn(room.owners, owner, ask, seen);
  const echoed = new Set(ask.named);
  const all = new Set(owned);
  const isGenuine = (each: SeenObject): boolean =>
    tellsOf(room, owner, each, echoed) || (answered !== undefined && isItsEnvelope(room, owner, each, answered));
  const genuine = new Set(owned.filter(isGenuine).map((each) => rootOf(all, each)));
  return owned.flatMap((each) =>
    each.fields
      .filter((field) => field.field !== '__typename' && field.texts.length > 0)
      .map((field) => ({
        seen: each,
        field,
        receipt: receiptOf(room, owner, { seen: each, field, isGenuine: genuine.has(rootOf(all, each)) }),
      })),
  );
}

interface Found {
  readonly seen: SeenObject;
  readonly field: SeenField;
  readonly isGenuine: boolean;
}

function receiptOf({ contract, baseline }: ReceiptContext, owner: string, { seen, field, isGenuine }: Found): Receipt {
  const instead = contract.resources[seen.sighting.resource]?.fields[field.field]?.instead;
  if (instead !== undefined && field.texts.every((text) => text === textOfLiteral(instead))) return 'none';
  if (seen.owners.length === 0 && !baseline.varies(seen, field)) return 'none';
  const known = baseline.known(owner, seen, field);
  if (!known) return 'unmatched';
  if (!field.texts.some((text) => known.has(text))) return 'differs';
  return isGenuine ? 'value' : 'weak';
}

/** The object holds a telling value that only this owner has and that the request did not bring itself. */
// oxlint-disable-next-line max-params
function tellsOf({ baseline }: ReceiptContext, owner: string, seen: SeenObject, echoed: ReadonlySet<string>): boolean {
  return seen.fields.some((field) => {
    if (!field.isTelling || field.texts.some((text) => echoed.has(text))) return false;
    const known = baseline.known(owner, seen, field);
    return known !== undefined && field.texts.some((text) => known.has(text)) && baseline.isOnlyOf(owner, seen, field);
  });
}

/** A list without an owner's name on it: all the owner reads there and nothing else, from a door that answers as it is asked. */
// oxlint-disable-next-line max-params
function isItsEnvelope({ baseline }: ReceiptContext, owner: string, seen: SeenObject, answered: Envelopes): boolean {
  if (seen.owners.length > 0) return false;
  return seen.fields.some((field) => {
    const known = baseline.known(owner, seen, field);
    const isWhole = known !== undefined && field.texts.length > 0 && joinedValues(known) === joinedValues(field.texts);
    return isWhole && field.isContainer && answered.follows(seen, field);
  });
}

/** The outermost object of the same owner around it: a nested part is as genuine as what it is part of. */
function rootOf(owned: ReadonlySet<SeenObject>, seen: SeenObject): SeenObject {
  let root = seen;
  while (root.within && owned.has(root.within.seen)) root = root.within.seen;
  return root;
}

function textOfLiteral(json: string): string {
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : json;
}
