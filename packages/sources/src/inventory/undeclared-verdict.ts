import { REJECT_CODES, type Loss } from '../reading/reject-codes.ts';
import { READERS } from '../readers/index.ts';
import type { Inventory, SeenReject } from './inventory.ts';

const LOSSES: ReadonlyMap<string, Loss> = new Map(
  Object.entries(REJECT_CODES).map(([code, { loses }]) => [code, loses]),
);

/** Entries, lines and operations that were lost: what they contain is in no figure. Empty if everything was read. */
export function unreadIn({ rejects }: Pick<Inventory, 'rejects'>): readonly SeenReject[] {
  return rejects.filter(({ code }) => {
    const loses = LOSSES.get(code);
    return loses === 'item' || loses === 'rest';
  });
}

/** Whether something in the traffic is in no description; `inconclusive` with the reason if that cannot be told. */
export type UndeclaredVerdict =
  | { readonly verdict: 'declared' | 'undeclared' }
  | { readonly verdict: 'inconclusive'; readonly reason: string };

/** What an undeclared operation is can only be told by descriptions that were read completely; that there is none, only by everything. */
export function undeclaredVerdict(inventory: Inventory): UndeclaredVerdict {
  const { described, exchanges, hosts, operations, limitsReached } = inventory;
  if (!described) return inconclusive('no description was read, so nothing was compared');
  if (exchanges === 0) return inconclusive('no traffic was read, so nothing was compared');
  const unread = unreadIn(inventory);
  if (unread.some(({ reader }) => isDescription(reader)))
    return inconclusive('part of a description could not be read, and may declare what seems undeclared');
  const isUndeclared =
    hosts.some(({ declared }) => declared === false) || operations.some(({ declared }) => declared === undefined);
  if (isUndeclared) return { verdict: 'undeclared' };
  if (unread.length > 0) return inconclusive('part of the traffic could not be read, and may be undeclared');
  if (limitsReached) return inconclusive('there were more paths than the limit, and words may have been taken for ids');
  return { verdict: 'declared' };
}

function isDescription(reader: string): boolean {
  return READERS.some(({ id, yields }) => id === reader && yields === 'operations');
}

const inconclusive = (reason: string): UndeclaredVerdict => ({ verdict: 'inconclusive', reason });
