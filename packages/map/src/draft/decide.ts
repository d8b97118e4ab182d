import type { Answer } from '../answers/answer.ts';
import { classify } from '../classify/classify.ts';
import type { DataClass } from '../classify/data-class.ts';
import { ANONYMOUS_CALLER } from '../evidence/caller-claims.ts';
import { pointerOf } from '../evidence/value-tree.ts';
import { callersOf, shapesOf, type View } from '../evidence/views.ts';
import { choosesNobody } from './find-principals.ts';
import type { Answers } from './answered.ts';
import type { Ruling } from './rule.ts';

export interface FieldAt {
  /** Where the rule is written: `User.weight`. */
  readonly at: string;
  /** What it is a field of. A part of an object is a field of the whole. */
  readonly resource: string;
  /** Dotted, from the resource. */
  readonly field: string;
  readonly view: View;
  /** Its owner is named. */
  readonly isOwned: boolean;
  /** It has an owner, named or not. */
  readonly isSomebodys: boolean;
  readonly isId: boolean;
}

/** Decides who may see a field. What strangers were given never decides it where it is personal or somebody's. */
export function decide(at: FieldAt, answers: Answers, neverReturned: ReadonlySet<string>): Ruling {
  const found = classOf(at);
  const decided = (ruling: Omit<Ruling, 'class'>): Ruling => (found ? { ...ruling, class: found } : ruling);
  const answer = answers.to(at.resource, at.field, found?.name);
  if (answer && !at.isOwned && needsOwner(answer))
    return decided({ undecided: 'answered, but no field of it names its owner', because: 'undecided' });
  if (answer) {
    const { see, narrow } = answer;
    const isSelfOnly = see.every((each) => each === 'self' || each === 'nobody');
    return decided({
      see: found?.nature === 'nobody' ? ['nobody'] : see,
      ...(narrow && !isSelfOnly ? { narrow: { [answers.stateName(narrow)]: narrow.to } } : {}),
      because: found?.nature === 'nobody' ? 'by-nature' : 'answered',
    });
  }
  if (found?.nature === 'nobody') return decided({ see: ['nobody'], because: 'by-nature' });
  if (found?.nature === 'self' && at.isOwned) return decided({ see: ['self'], because: 'by-nature' });
  if (at.view.some((place) => neverReturned.has(`${place.operation} ${pointerOf(place)}`)))
    return decided({ see: ['nobody'], because: 'documented' });
  if (!at.isSomebodys && !found) {
    const everybody = givenToEverybody(at.view);
    if (everybody !== undefined) return { see: [everybody], because: 'given-to-everybody' };
  }
  return decided({ undecided: whyUndecided(at, found), because: 'undecided' });
}

const needsOwner = ({ see, narrow }: Answer): boolean =>
  narrow !== undefined || see.some((each) => !['anyone', 'member', 'nobody'].includes(each));

export function classOf({ resource, field, view, isId }: FieldAt): DataClass | undefined {
  if (isId) return undefined;
  const steps = field.split('.');
  return classify({ name: steps.at(-1) ?? '', of: steps.at(-2) ?? resource, shapes: shapesOf(view) });
}

/** `anyone` or `member`, if callers of that kind were given it by operations that let nobody choose whose objects are returned. */
function givenToEverybody(view: View): 'anyone' | 'member' | undefined {
  const calls = view.flatMap((place) => [...place.calls]).filter(choosesNobody);
  const callers = new Set(calls.flatMap(({ caller }) => caller ?? []));
  if (callers.has(ANONYMOUS_CALLER)) return 'anyone';
  return callers.size >= 2 ? 'member' : undefined;
}

function whyUndecided({ isSomebodys, view }: FieldAt, found: DataClass | undefined): string {
  const callers = callersOf(view);
  const who = callers.has(ANONYMOUS_CALLER)
    ? 'callers without a login were given it'
    : callers.size > 1
      ? 'several callers were given it'
      : callers.size === 1
        ? 'one caller was given it'
        : 'it is not known who was given it';
  if (found) return `personal (${found.name}); ${who}, which does not make it theirs to see`;
  if (isSomebodys) return `somebody's; ${who}, which does not make it theirs to see`;
  return `${who}; nothing tells for whom it is meant`;
}
