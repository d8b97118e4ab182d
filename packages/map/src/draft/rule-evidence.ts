import type { DraftedOperation } from '../contract/operations.ts';
import type { FieldDrafted } from '../contract/shapes.ts';
import { ANONYMOUS_CALLER } from '../evidence/caller-claims.ts';
import { compareText, type ObservedCall } from '../evidence/observed-call.ts';
import { pointerOf } from '../evidence/value-tree.ts';
import type { DraftedRule, OwnerGrade } from './draft-types.ts';

const MOST_PLACES = 10;
const MOST_EXCHANGES = 5;

/** What a rule of a field rests on. */
export function ruleEvidence({ at, view, ruling }: FieldDrafted, owner: OwnerGrade | undefined): DraftedRule {
  const calls = new Set(view.flatMap((place) => [...place.calls]));
  const places = [...new Set(view.map((place) => `${place.operation} ${pointerOf(place)}`))].sort(compareText);
  const [resource = '', ...field] = at.split('.');
  const isOperation = at.includes(' ');
  return {
    at: isOperation ? `operations.${at}` : `resources.${resource}.fields.${field.join('.')}`,
    see: ruling.see,
    undecided: ruling.undecided,
    because: ruling.because,
    class: ruling.class?.name,
    owner,
    places: places.slice(0, MOST_PLACES),
    ...callEvidence([...calls]),
  };
}

/** What a rule of an operation rests on. */
export function operationEvidence({ name, by, undecided, because, calls }: DraftedOperation): DraftedRule {
  return {
    at: `operations.${name}`,
    see: by === undefined ? undefined : [by],
    undecided,
    because,
    class: undefined,
    owner: undefined,
    places: [name],
    ...callEvidence(calls),
  };
}

function callEvidence(calls: readonly ObservedCall[]): Pick<DraftedRule, 'given' | 'exchanges'> {
  const anonymous = calls.filter(({ caller }) => caller === ANONYMOUS_CALLER).length;
  const unknown = calls.filter(({ caller }) => caller === undefined).length;
  const where = calls.map(
    ({
      exchange: {
        provenance: { file, at },
      },
    }) => [file, at].filter(Boolean).join(' '),
  );
  return {
    given: { anonymous, known: calls.length - anonymous - unknown, unknown },
    exchanges: [...new Set(where)]
      .filter((each) => each !== '')
      .sort(compareText)
      .slice(0, MOST_EXCHANGES),
  };
}
