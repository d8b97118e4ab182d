import { describe, expect, test } from 'vitest';
import { contractFrom } from '../../../core/src/testing/contract-from.ts';
import { NOTHING_KNOWN, type Principal, type SightedOwner } from '@leakproof/core';
import { type About, Answers } from './answers.ts';
import { questionsFor } from './question.ts';

const contract = contractFrom(`
relations:
  follower: { of: person, lookup: POST /x }
  guardian: { of: person, lookup: POST /x }
  namesake: { of: person, when: owner.id == principal.id }
states:
  private: { of: person, lookup: POST /x }
  shy: { of: person, object: object.shy, lookup: POST /x }
resources:
  User: { owner: id, see: anyone, fields: { id: anyone, shy: anyone } }
operations: { GET /u: { by: anyone, returns: User } }
`);
const questions = questionsFor(contract);
const SAM: Principal = { kind: 'member', id: '9', ids: 'person', space: 'all', claims: {} };

function ownersOf(id: string): readonly SightedOwner[] {
  return [{ owner: { kind: 'person', space: 'all', id }, role: undefined, about: false }];
}

const NEVER: About<undefined> = {
  relatedTo: () => {
    throw new Error('The object was laid out.');
  },
};

describe('answers about objects', () => {
  test.each([
    [questions.relation('self', undefined), '9'],
    [questions.relation('follower', undefined), '8'],
    [questions.relation('namesake', undefined), '9'],
    [questions.state('private'), '8'],
  ])('that hang on the owner alone are given without the object', (question, id) => {
    const answers = new Answers(contract, SAM, { get: () => 'yes' }, false);
    expect(answers.answer(question, ownersOf(id), undefined, NEVER)).toBe(true);
  });

  test('that hang on the object are given from each object', () => {
    const answers = new Answers(contract, SAM, NOTHING_KNOWN, true);
    const related = (shy: boolean): boolean =>
      answers.answer(
        questions.state('shy'),
        ownersOf('8'),
        { shy },
        {
          relatedTo: (evidence) => ({ resource: 'User', owners: ownersOf('8'), evidence }),
        },
      );
    expect([related(true), related(false), related(true)]).toEqual([true, false, true]);
  });

  test('are asked for once, and then what is not known stays so, however many owners are in hand', () => {
    const answers = new Answers(contract, SAM, NOTHING_KNOWN, false);
    const ids = Array.from({ length: 60_000 }, (_, index) => ownersOf(`${index}`));
    const asked = ['follower', 'guardian', 'follower'].map((relation) => {
      answers.isOpen = false;
      for (const owners of ids) answers.answer(questions.relation(relation, undefined), owners, undefined, NEVER);
      const { isOpen } = answers;
      const asks = answers.takeAsks().length;
      answers.know(NOTHING_KNOWN);
      return { isOpen, asks };
    });
    expect(asked).toEqual([
      { isOpen: true, asks: 60_000 },
      { isOpen: true, asks: 60_000 },
      { isOpen: false, asks: 0 },
    ]);
  });
});
