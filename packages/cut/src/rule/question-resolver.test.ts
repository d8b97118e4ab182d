import { describe, expect, test } from 'vitest';
import { contractFrom } from '../../../core/src/testing/contract-from.ts';
import { NOTHING_KNOWN, type Principal, type SightedOwner } from '@leakproof/core';
import { QuestionResolver, type RelatedSource } from './question-resolver.ts';
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

const NEVER: RelatedSource<undefined> = {
  relatedTo: () => {
    throw new Error('The inputs of the object were collected.');
  },
};

describe('a question about an object', () => {
  test.each([
    [questions.relation('self', undefined), '9'],
    [questions.relation('follower', undefined), '8'],
    [questions.relation('namesake', undefined), '9'],
    [questions.state('private'), '8'],
  ])('that depends on the owner alone is answered without reading the object', (question, id) => {
    const resolver = new QuestionResolver(contract, SAM, { known: { get: () => 'yes' }, isFinal: false });
    expect(resolver.resolve(question, ownersOf(id), undefined, NEVER)).toBe(true);
  });

  test('that depends on the object is answered anew for each object', () => {
    const resolver = new QuestionResolver(contract, SAM, { known: NOTHING_KNOWN, isFinal: true });
    const related = (shy: boolean): boolean =>
      resolver.resolve(
        questions.state('shy'),
        ownersOf('8'),
        { shy },
        {
          relatedTo: (evidence) => ({ resource: 'User', owners: ownersOf('8'), evidence }),
        },
      );
    expect([related(true), related(false), related(true)]).toEqual([true, false, true]);
  });

  test('leads to a claim once; unanswered, the claim is not asked again, however many owners there are', () => {
    const resolver = new QuestionResolver(contract, SAM, { known: NOTHING_KNOWN, isFinal: false });
    const ids = Array.from({ length: 60_000 }, (_, index) => ownersOf(`${index}`));
    const asked = ['follower', 'guardian', 'follower'].map((relation) => {
      resolver.isPending = false;
      for (const owners of ids) resolver.resolve(questions.relation(relation, undefined), owners, undefined, NEVER);
      const { isPending } = resolver;
      const asks = resolver.takeAsks().length;
      resolver.useAnswers(NOTHING_KNOWN);
      return { isPending, asks };
    });
    expect(asked).toEqual([
      { isPending: true, asks: 60_000 },
      { isPending: true, asks: 60_000 },
      { isPending: false, asks: 0 },
    ]);
  });
});
