import type { ReceivedField, Receipt } from '../evidence/receipt.ts';
import type { PlannedRequest } from '../plan/make-request.ts';
import type { Meaning } from '../rulings/meaning.ts';
import type { CellVerdict } from './cell.ts';

/** One field of one owner in one response, or its absence (`receipt: 'none'`), with what the contract means. */
export interface Observation extends ReceivedField {
  readonly request: PlannedRequest;
  readonly meaning: Meaning;
  /** Why its absence proves nothing. */
  readonly doubt?: string | undefined;
  /** The request has no input: another response to another caller is no loss. */
  readonly hasNoInput?: boolean;
  /** It was received inside data of another owner that the caller is not allowed, such as their list. */
  readonly isInPassing?: boolean;
}

export interface Verdict {
  readonly verdict: CellVerdict;
  readonly reason?: string | undefined;
  /** The observations that decided it. */
  readonly deciding: readonly Observation[];
  readonly isInPassing?: boolean;
}

const LIKELY_REASONS: Readonly<Record<Receipt, string>> = {
  value: '',
  weak: 'only values that others could have too',
  differs: 'another value than its owner reads there',
  unmatched: 'its owner reads no value there to compare it with',
  none: '',
};

/** The verdict of a cell by all its observations; the worst certain one wins. */
export function verdictOf(observations: readonly Observation[]): Verdict {
  const received = observations.filter(({ receipt }) => receipt !== 'none');
  const missing = observations.filter(({ receipt }) => receipt === 'none');
  const forbidden = received.filter(({ meaning }) => meaning.type === 'forbidden');
  const proven = forbidden.filter(({ receipt }) => receipt === 'value');
  if (proven.length > 0) return { verdict: 'proven', deciding: proven };
  const [likely] = forbidden;
  if (likely) return { verdict: 'likely', reason: LIKELY_REASONS[likely.receipt], deciding: forbidden };
  const unknown = received.find(({ meaning }) => meaning.type === 'unknown');
  if (unknown) return { verdict: 'inconclusive', reason: unknownReason(unknown.meaning), deciding: [unknown] };
  if (received.length > 0) {
    const isInPassing = received.every((each) => each.isInPassing ?? false);
    return { verdict: 'by-design', deciding: received, isInPassing };
  }
  const doubted = missing.find(({ doubt }) => doubt !== undefined);
  if (doubted) return { verdict: 'inconclusive', reason: doubted.doubt, deciding: [doubted] };
  const lost = missing.filter(({ meaning, hasNoInput }) => meaning.type === 'allowed' && !hasNoInput);
  if (lost.length > 0) return { verdict: 'lost', reason: 'allowed, and not received', deciding: lost };
  const undecided = missing.find(({ meaning }) => meaning.type === 'unknown');
  if (undecided) return { verdict: 'inconclusive', reason: unknownReason(undecided.meaning), deciding: [undecided] };
  return { verdict: 'enforced', deciding: missing };
}

function unknownReason({ asks, undecided }: Meaning): string {
  if (undecided !== undefined) return `undecided: ${undecided}`;
  return `unknown: ${asks.join(', ') || 'a relation or a state'}`;
}
