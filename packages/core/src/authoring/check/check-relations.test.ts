import { expect, test } from 'vitest';
import { load, VOCABULARY } from '../../testing/contract-from.ts';

const problemsOf = (relation: string): readonly { readonly severity: string; readonly message: string }[] =>
  load(`${VOCABULARY}
relations: { open: { of: person, ${relation} } }
resources:
  Post: { owner: user_id, see: [self, open], fields: { text: [self, open] } }
operations:
  GET /posts: { by: anyone, returns: [Post] }
`).problems;

test.each(['when: object.public == true', 'when: "object.a && owner.id != object.b", lookup: POST /lookup'])(
  'a relation that reads only the object is a warning, because no anonymous caller is in it: %s',
  (relation) => {
    expect(problemsOf(relation)).toEqual([
      expect.objectContaining({
        severity: 'warning',
        message: expect.stringMatching(/never holds for an anonymous one/),
      }),
    ]);
  },
);

test.each([
  'when: principal.id in object.shared_with',
  'when: principal.claims.org == owner.id',
  'object: object.viewer_is_friend',
  'lookup: POST /lookup',
])('a relation that can differ from caller to caller is no warning: %s', (relation) => {
  expect(problemsOf(relation)).toEqual([]);
});
