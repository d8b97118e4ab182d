import { loadContractOrThrow } from '@leakproof/core/authoring';
import { expect, test } from 'vitest';
import { type Handle, scanApi } from '../testing/scan-api.ts';

const FILES: Readonly<Record<string, string>> = {
  'schema.graphql': `
type Query { me: User! notes(folder: ID, userId: ID, author: String, page: Int, tag: String): [Note!]! }
type User { id: ID! bio: String! }
type Note { id: ID! userId: ID! text: String! }
`,
  'contract.yaml': `
leakproof: 1
api: { servers: { one: { graphql: 'http://api.test/graphql', caller: verified } }, schema: schema.graphql }
principals: { member: { jwt: { issuer: i, audience: a, jwks: 'http://i.test/jwks', algorithms: [ES256] }, id: claims.sub, ids: person } }
resources:
  User: { owner: id, see: member, fields: { id: member, bio: self } }
  Note: { owner: userId, see: self, fields: { id: self, userId: self, text: self } }
operations: { Query.me: { by: member }, Query.notes: { by: member } }
`,
};
const contract = loadContractOrThrow('contract.yaml', (file) => ({ file, text: FILES[file] ?? '' }));

/** Notes of the caller, or of the one whom the argument names. */
const notesBy =
  (argument: string | undefined): Handle =>
  ({ body, caller }) => {
    if (caller === undefined) return { data: null };
    const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, string> };
    if (query.includes('{ me '))
      return { data: { me: { __typename: 'User', id: caller, bio: `the biography of ${caller}` } } };
    const userId = (argument === undefined ? undefined : variables[argument]) ?? caller;
    const note = { __typename: 'Note', id: `note-of-${userId}`, userId, text: `the text of ${userId}` };
    return { data: { notes: ['alice', 'bob'].includes(userId) ? [note] : [] } };
  };

test.each(['folder', 'userId', 'author'])(
  'a root field that returns the objects of whoever its optional argument `%s` names is a leak',
  async (argument) => {
    const { findings } = await scanApi({ contract, handle: notesBy(argument) });
    expect(findings.map(({ verdict, operation }) => [verdict, operation])).toEqual([['proven', 'Query.notes']]);
  },
);

test('arguments that no value of an owner fits are not tested', async () => {
  const { findings, notTested } = await scanApi({ contract, handle: notesBy(undefined) });
  expect(findings).toEqual([]);
  expect(notTested.map(({ operation, reason }) => [operation, reason])).toEqual([
    ['Query.notes', '`tag`, `page` never sent'],
  ]);
});

test('a root field that leaks only without its optional argument is a leak', async () => {
  const handle: Handle = (request) => {
    const { variables } = JSON.parse(request.body) as { variables: Record<string, string> };
    const isBareNotes = request.body.includes('notes') && Object.keys(variables).length === 0;
    return notesBy(undefined)(isBareNotes ? { ...request, caller: 'alice' } : request);
  };
  const { findings } = await scanApi({ contract, handle });
  expect(
    findings
      .filter(({ verdict }) => verdict === 'proven')
      .map(({ relation }) => relation)
      .sort(),
  ).toEqual(['anyone', 'member']);
});
