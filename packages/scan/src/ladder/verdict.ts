import type { Meaning } from '../rulings/meaning.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { SeenObject, SeenField } from '../reading/seen.ts';
import type { CellVerdict } from './cell.ts';
import type { Receipt } from '../evidence/receipt.ts';

/** One thing that was seen of a cell: what came of it in one answer, and what was meant. */
export interface Observed {
  readonly ask: PlannedRequest;
  readonly at: { readonly seen: SeenObject; readonly field: SeenField };
  readonly receipt: Receipt;
  readonly meaning: Meaning;
  /** Why it proves nothing that nothing came. */
  readonly doubt?: string | undefined;
  /** The request names nobody: another answer for another caller is no loss. */
  readonly isOwnEndpoint?: boolean;
  /** It came with something of somebody else that was not meant for the caller, such as their list. */
  readonly isInPassing?: boolean;
}

export interface Verdict {
  readonly verdict: CellVerdict;
  readonly reason?: string | undefined;
  /** What it rests on. */
  readonly deciding: readonly Observed[];
  readonly isInPassing?: boolean;
}

const LIKELY: Readonly<Record<Exclude<Receipt, 'value' | 'none'>, string>> = {
  weak: 'only values that others could have as well',
  differs: 'something else than its owner reads there',
  unmatched: 'its owner reads nothing there to compare it with',
};

/** One verdict from everything seen of a cell; the worst that is certain goes first. */
export function verdictOf(observed: readonly Observed[]): Verdict {
  const got = observed.filter(({ receipt }) => receipt !== 'none');
  const missed = observed.filter(({ receipt }) => receipt === 'none');
  const forbidden = got.filter(({ meaning }) => meaning.type === 'forbidden');
  const proven = forbidden.filter(({ receipt }) => receipt === 'value');
  if (proven.length > 0) return { verdict: 'proven', deciding: proven };
  const [likely] = forbidden;
  if (likely) return { verdict: 'likely', reason: likelyReason(likely.receipt), deciding: forbidden };
  const unknown = got.find(({ meaning }) => meaning.type === 'unknown');
  if (unknown) return { verdict: 'inconclusive', reason: notKnown(unknown.meaning), deciding: [unknown] };
  if (got.length > 0) {
    return { verdict: 'by-design', deciding: got, isInPassing: got.every((each) => each.isInPassing ?? false) };
  }
  const doubted = missed.find(({ doubt }) => doubt !== undefined);
  if (doubted) return { verdict: 'inconclusive', reason: doubted.doubt, deciding: [doubted] };
  const lost = missed.filter(({ meaning, isOwnEndpoint }) => meaning.type === 'allowed' && !isOwnEndpoint);
  if (lost.length > 0) return { verdict: 'lost', reason: 'meant for it, and not received', deciding: lost };
  const undecided = missed.find(({ meaning }) => meaning.type === 'unknown');
  if (undecided) return { verdict: 'inconclusive', reason: notKnown(undecided.meaning), deciding: [undecided] };
  return { verdict: 'enforced', deciding: missed };
}

function likelyReason(receipt: Receipt): string {
  return receipt === 'value' || receipt === 'none' ? '' : LIKELY[receipt];
}

function notKnown({ asks }: Meaning): string {
  return `not known: ${asks.join(', ') || 'a relation or a state'}`;
}
