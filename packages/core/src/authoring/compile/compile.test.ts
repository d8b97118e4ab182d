import { describe, expect, test } from 'vitest';
import { loadContractOrThrow } from './load-contract.ts';
import type { Problem } from '../read/document.ts';
import { load } from '../../testing/contract-from.ts';

/** A contract that is right. Tests change one thing in it; line 1 is the first line here. */
const RIGHT = `leakproof: 1
api: { servers: { one: { rest: 'http://api.example', graphql: 'http://api.example/graphql', ids: here } }, schema: schema.graphql }
principals:
  member: { jwt: { issuer: i, audience: a, jwks: 'https://i.example/jwks.json', algorithms: [ES256] }, id: claims.sub, ids: person }
owners: { person: { subject: true }, org: {} }
relations:
  follower: { of: person, lookup: POST /follows, cache: 5s }
  colleague: { of: org, when: principal.claims.org == owner.id }
states:
  private: { of: person, object: object.is_private, lookup: POST /states, unknown: true }
resources:
  User:
    owner: id
    see: { to: member, narrow: { private: self } }
    narrow: { private: [self, follower] }
    fields:
      id: member
      age: { see: member, class: demographic.age, narrow: { private: self }, instead: null }
      home: { fields: { city: member } }
      boss: { ref: User }
  Invoice: { owner: [{ org: org_id }], about: [{ person: contact_id }], fields: { total: colleague } }
  Stats: { aggregate: { of: User, count: n, min: 20 }, see: anyone, fields: { n: anyone } }
operations:
  GET /users/{id}: { by: member, query: [a], principal: [query.a], returns: User }
  GET /users: { by: member, returns: { data: [{ User: [id, age] }], total: { see: nobody } } }
  GET /by-id: { by: member, returns: { map: User, key: id } }
  GET /feed: { by: member, returns: [{ by: kind, user: User, else: drop }] }
  PUT /users/{id}: { by: self, owner: { path: id, narrow: { private: self } }, accepts: [age] }
  DELETE /users/{id}: { by: self, owner: { of: 'GET /users/{id}' } }
  Query.user: { by: member }
mode: enforce
undeclared: { operations: deny, parameters: deny, fields: nobody }
on: { no-ledger: refuse, no-lookup: deny, no-redis: local }
budgets: [{ per: principal, count: owners, within: 1h, max: 300, steps: [observe, '429'] }]
foreign: 404
tests:
  - { name: a case, request: GET /users/7, as: anonymous, expect: { refused: 401 } }
`;
const FILES = { 'schema.graphql': 'type Query { user: User } type User { id: ID age: Int }' };

function problemsOf(from: string, to: string): readonly Problem[] {
  expect(RIGHT).toContain(from);
  const { contract, problems } = load(
    RIGHT.replace(from, () => to),
    FILES,
  );
  const failed = problems.some((each) => each.severity === 'error');
  expect(contract === undefined).toBe(failed);
  return problems;
}

/** The same; `to` says by a § where the mistake stands. */
function marked(from: string, to: string) {
  const before = RIGHT.replace(from, () => to).split('§', 1)[0] ?? '';
  const lines = before.split('\n');
  const where = { file: 'contract.yaml', line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
  return { problems: problemsOf(from, to.replace('§', '')), where };
}

test('the contract that these tests change is right', () => {
  const { contract, problems } = load(RIGHT, FILES);
  expect(problems).toEqual([]);
  expect(contract).toBeDefined();
});

describe('a key that is not known is an error, at every level, with the nearest right word:', () => {
  test.each([
    ['at the top', 'foreign: 404', '§foriegn: 404', 'foriegn', 'foreign'],
    ['of the api', 'api: { servers:', 'api: { §server: {}, servers:', 'server', 'servers'],
    ['of a server', 'ids: here', '§id: here', 'id', 'ids'],
    ['of a principal', 'ids: person }', 'ids: person, §idd: x }', 'idd', 'id'],
    ['of a jwt', 'issuer: i', '§isuer: i', 'isuer', 'issuer'],
    ['of an owner', 'subject: true', '§subjct: true', 'subjct', 'subject'],
    ['of a relation', 'cache: 5s', '§cahce: 5s', 'cahce', 'cache'],
    ['of a state', 'unknown: true', '§unkown: true', 'unkown', 'unknown'],
    [
      'of a resource',
      '    narrow: { private: [self, follower] }',
      '    §narow: { private: [self, follower] }',
      'narow',
      'narrow',
    ],
    ['of what may be known to exist', 'see: { to: member, narrow', 'see: { to: member, §narow', 'narow', 'narrow'],
    ['of a field', 'class: demographic.age', '§clas: demographic.age', 'clas', 'class'],
    ['of a field in a field', 'city: member', 'city: { see: member, §classs: x }', 'classs', 'class'],
    ['of an aggregate', 'count: n, min: 20', '§cuont: n, min: 20', 'cuont', 'count'],
    ['of an operation', 'accepts: [age]', '§acepts: [age]', 'acepts', 'accepts'],
    ['of an owner of an operation', 'path: id, narrow', 'path: id, §narow', 'narow', 'narrow'],
    ['of what is undeclared', 'fields: nobody', '§field: nobody', 'field', 'fields'],
    ['of what is lost', 'no-lookup: deny', '§no-lokup: deny', 'no-lokup', 'no-lookup'],
    ['of a budget', 'within: 1h', '§wihtin: 1h', 'wihtin', 'within'],
    ['of a test', 'request: GET /users/7', '§reqest: GET /users/7', 'reqest', 'request'],
    ['of what a test expects', 'refused: 401', '§refsed: 401', 'refsed', 'refused'],
  ])('%s', (_, from, to, word, meant) => {
    const { problems, where } = marked(from, to);
    const found = problems.find((each) => each.message === `"${word}" is not known here.`);
    expect(found).toMatchObject({ severity: 'error', fix: `Did you mean "${meant}"?`, where });
  });
});

describe('an unknown name is one error, at its position:', () => {
  test.each([
    [
      'a relation in see',
      'age: { see: member',
      'age: { see: §memebr',
      'There is no relation "memebr".',
      'Did you mean "member"?',
    ],
    [
      'a relation in narrow',
      'narrow: { private: [self, follower] }',
      'narrow: { private: §[self, folower] }',
      'There is no relation "folower".',
      'Did you mean "follower"?',
    ],
    [
      "a relation in a field's narrow",
      'narrow: { private: self }, instead',
      'narrow: { private: §selff }, instead',
      'There is no relation "selff".',
      'Did you mean "self"?',
    ],
    [
      'a relation in by',
      'PUT /users/{id}: { by: self',
      'PUT /users/{id}: { by: §selff',
      'There is no relation "selff".',
      'Did you mean "self"?',
    ],
    [
      'a state in narrow',
      'narrow: { private: [self',
      'narrow: { privat: §[self',
      'There is no state "privat".',
      'Did you mean "private"?',
    ],
    [
      'a resource in returns',
      'principal: [query.a], returns: User',
      'principal: [query.a], returns: §Usr',
      'There is no resource "Usr".',
      'Did you mean "User"?',
    ],
    [
      'a resource in a list',
      'data: [{ User: [id, age] }]',
      'data: [§Usr]',
      'There is no resource "Usr".',
      'Did you mean "User"?',
    ],
    [
      'a field in a projection',
      'User: [id, age]',
      'User: [id, §agee]',
      'There is no field of User "agee".',
      'Did you mean "age"?',
    ],
    ['a field a map is keyed by', 'key: id', 'key: §idd', 'There is no field of User "idd".', 'Did you mean "id"?'],
    ['a resource of a reference', 'ref: User', 'ref: §Usr', 'There is no resource "Usr".', 'Did you mean "User"?'],
    [
      'a kind of owner',
      'owner: [{ org: org_id }]',
      'owner: [{ orgg: §org_id }]',
      'There is no kind of owner "orgg".',
      'Did you mean "org"?',
    ],
    [
      'a kind of a relation',
      'colleague: { of: org',
      'colleague: { of: §orgs',
      'There is no kind of owner "orgs".',
      'Did you mean "org"?',
    ],
    [
      'a kind of a principal',
      'ids: person }',
      'ids: §persn }',
      'There is no kind of owner "persn".',
      'Did you mean "person"?',
    ],
    ['a field that counts', 'count: n', 'count: §nn', 'There is no field "nn".', 'Did you mean "n"?'],
    [
      'an operation that is read first',
      "of: 'GET /users/{id}'",
      "of: §'GET /user/{id}'",
      'There is no operation "GET /user/{id}".',
      'Did you mean "GET /users/{id}"?',
    ],
    ['a parameter of the path', 'path: id', 'path: §ident', 'There is no path parameter "ident".', 'Known: id.'],
    [
      'a field of the root',
      'Query.user: ',
      'Query.usr: §',
      'There is no field of Query "usr".',
      'Did you mean "user"?',
    ],
  ])('%s', (_, from, to, message, fix) => {
    const { problems, where } = marked(from, to);
    const found = problems.filter((each) => each.message === message);
    expect(found).toEqual([{ severity: 'error', message, fix, where }]);
  });
});

describe('what could not mean what it says is an error:', () => {
  test.each([
    ['a version that does not exist', 'leakproof: 1', 'leakproof: 2', /^leakproof has a value/],
    [
      'a condition that is none',
      'when: principal.claims.org == owner.id',
      "when: 'principal.claims.org =='",
      /^The condition: /,
    ],
    [
      'a condition about the request',
      'when: principal.claims.org == owner.id',
      'when: request.org == owner.id',
      /^The condition: /,
    ],
    [
      'a condition on the whole object',
      'object: object.is_private',
      `object: '!("is_public" in object)'`,
      /is used as a whole/,
    ],
    ['a condition of another type', 'object: object.is_private', "object: '1 + 1'", /must be true or false/],
    ['a lookup that is no POST', 'POST /follows', 'GET /follows', /^A lookup is a POST/],
    ['a duration without a unit', 'cache: 5s', 'cache: 5', /^relations\.follower\.cache/],
    ['a duration that no clock reaches', 'cache: 5s', 'cache: 11111111111130s', /^relations\.follower\.cache/],
    ['a duration of words', 'within: 1h', 'within: an hour', /^budgets\.0\.within/],
    ['a budget of nobody', 'max: 300', 'max: 0', /^budgets\.0\.max/],
    ['an algorithm that proves nothing', 'algorithms: [ES256]', 'algorithms: [none]', /algorithms/],
    [
      'an algorithm with a shared secret',
      'algorithms: [ES256]',
      'algorithms: [HS256]',
      /HS256 is verified by a secret/,
    ],
    ['no algorithm', 'algorithms: [ES256]', 'algorithms: []', /algorithms/],
    [
      'a principal kind without authentication',
      "jwt: { issuer: i, audience: a, jwks: 'https://i.example/jwks.json', algorithms: [ES256] }, ",
      '',
      /A principal kind has exactly one of `jwt`, /,
    ],
    ['an id outside the claims', 'id: claims.sub', 'id: sub', /is not in the claims/],
    ['a crowd of one', 'min: 20', 'min: 1', /aggregate\.min/],
    [
      'a server with no address',
      "rest: 'http://api.example', graphql: 'http://api.example/graphql', ",
      '',
      /has a rest or a graphql address/,
    ],
    ['an address that is none', "rest: 'http://api.example'", 'rest: api.example', /api\.servers\.one\.rest/],
    ['two servers at one address', 'ids: here }', "ids: here }, two: { rest: 'http://API.example/' }", /same address/],
    ["a resource that is nobody's and does not say so", '    owner: id\n', '', /does not say whose it is/],
    ['a field that says nothing', 'city: member', 'city: { class: x }', /does not say who may see it/],
    [
      'a resource of which nothing says who may know of it',
      'fields: { total: colleague }',
      'fields: { org_id: { is: User } }',
      /who may know that the object exists/,
    ],
    ['a list of two shapes', 'data: [{ User: [id, age] }]', 'data: [User, Invoice]', /One shape|one shape/],
    ['a map of maps', '{ map: User, key: id }', '{ map: { map: User, key: id }, key: id }', /map of maps/],
    ['a map with no key', '{ map: User, key: id }', '{ map: User }', /names the field that its keys are/],
    ['a relation in a container', 'total: { see: nobody }', 'total: { see: self }', /nobody is self to it/],
    ['nobody in particular in a container', 'total: { see: nobody }', 'total: { see }', /names no relation/],
    ['a number in a container', 'total: { see: nobody }', 'total: { see: [member, 7] }', /names no relation/],
    [
      'a relation nobody could stand in',
      'lookup: POST /follows, cache: 5s',
      'cache: 5s',
      /Nothing decides who is in this relation/,
    ],
    [
      'an end of nothing',
      'when: principal.claims.org == owner.id',
      'until: /x, when: principal.claims.org == owner.id',
      /there is no lookup/,
    ],
    [
      'a state that nothing decides',
      'object: object.is_private, lookup: POST /states, ',
      '',
      /Nothing decides whether this state holds/,
    ],
    ['a role nobody has', 'city: member', 'city: { see: self, of: sender }', /no role of an owner "sender"/],
    ['a kind of principal that is a relation', '  member: { jwt', '  self: { jwt', /a built-in relation/],
    [
      'a relation of a name that means something',
      '  follower: { of: person',
      '  nobody: { of: person',
      /a built-in relation/,
    ],
    [
      'a relation called like a principal',
      '  colleague: { of: org',
      '  member: { of: org',
      /a kind of principal|built-in relation/,
    ],
    ['an operation that is none', 'Query.user:', 'FETCH /users:', /is no operation/],
    ['an operation on a type that is no root', 'Query.user:', 'User.age:', /is no operation/],
    ['an operation that could never be reached', 'GET /by-id:', 'GET /by-id//x:', /No request that is allowed/],
    ['text that is no UTF-8', 'GET /by-id:', 'GET /by-id%ff:', /No request that is allowed/],
    ['two parameters with nothing between them', 'GET /by-id:', "'GET /by/{a}{b}':", /where the first one ends/],
    ['half a brace', 'GET /by-id:', "'GET /by/{id':", /brace of "\{id" has no other half/],
    ['a parameter without a name', 'GET /by-id:', "'GET /by/{}':", /has no name/],
    ['a parameter twice', 'GET /by-id:', 'GET /{x}/{x}:', /occurs twice/],
    [
      'two operations that take the same requests',
      'GET /by-id:',
      'GET /users/{name}:',
      /Matches the same requests as "GET \/users\/\{id\}"/,
    ],
    [
      'two patterns of which neither is more specific',
      'GET /by-id: { by: member',
      "'GET /x/a{one}': { by: member }\n  'GET /x/{two}b': { by: member",
      /Matches the same requests as "GET \/x\/a\{one\}"/,
    ],
    ['a HEAD', 'GET /by-id:', 'HEAD /by-id:', /HEAD is answered like GET/],
    [
      'self to an operation of nobody',
      'GET /by-id: { by: member',
      'GET /by-id: { by: self',
      /has no owner, so nobody can be self/,
    ],
    [
      'self to a GraphQL field',
      'Query.user: { by: member',
      'Query.user: { by: self',
      /has no owner, so nobody can be self/,
    ],
    [
      'an owner of a GraphQL field',
      'Query.user: { by: member',
      "Query.user: { by: member, owner: { of: 'GET /users/{id}' }",
      /only known from its response/,
    ],
    ['a pre-read that changes something', "of: 'GET /users/{id}'", "of: 'PUT /users/{id}'", /read by a GET/],
    ['a pre-read that needs more than the path has', 'DELETE /users/{id}:', 'DELETE /users/{name}:', /needs \{id\}/],
    ['a pre-read that returns a list', "of: 'GET /users/{id}'", 'of: GET /feed', /does not return one object/],
    ['a parameter of nowhere', 'principal: [query.a]', 'principal: [cookie.a]', /names no parameter/],
    [
      'a reference to what has two owners',
      'owner: [{ org: org_id }]',
      'owner: [{ org: a }, { org: b }]\n    x: y',
      /./,
    ],
    ['a key of every prototype', 'city: member', '__proto__: member', /cannot be "__proto__"/],
    ['a key twice', 'mode: enforce', 'mode: enforce\nmode: monitor', /[Kk]eys? must be unique/],
    ['a tag nobody knows', 'mode: enforce', 'mode: !x enforce', /tag/],
    ['an alias of nothing', 'mode: enforce', 'mode: *x', /alias/i],
    ['a tab where none may stand', '  User:\n    owner: id', '\tUser:\n    owner: id', /./],
    ['two documents', 'mode: enforce', 'mode: enforce\n---\nmode: monitor', /./],
    ['a schema that is none', 'schema: schema.graphql', 'schema: contract.yaml', /^The GraphQL schema: /],
    [
      'a nested object called like a resource',
      '  Stats: {',
      '  User.home: { owner: none, see: anyone, fields: { city: anyone } }\n  Stats: {',
      /so is another resource/,
    ],
  ] as [string, string, string, RegExp][])('%s', (_, from, to, message) => {
    const errors = problemsOf(from, to).filter((each) => each.severity === 'error');
    expect(errors.map((each) => each.message)).toContainEqual(expect.stringMatching(message));
    for (const { where } of errors)
      expect([where.file, where.line !== undefined, where.column !== undefined]).toEqual(['contract.yaml', true, true]);
  });

  test('an empty file, and one that is a list, or a text', () => {
    for (const text of ['', '# nothing\n', '[]', 'hello', '42', 'null']) {
      const { contract, problems } = load(text);
      expect(contract).toBeUndefined();
      expect(problems.length).toBeGreaterThan(0);
    }
  });
});

describe('files that are included', () => {
  const part = (sections: string) => `leakproof: 1\n${sections}\n`;
  const main = (include: string) => RIGHT.replace('api: {', `include: [${include}]\napi: {`);

  test('add their sections', () => {
    const files = {
      ...FILES,
      'a.yaml': part('include: [b.yaml]'),
      'b.yaml': part('states: { hidden: { of: person, lookup: POST /x } }'),
    };
    const { contract, problems } = load(main('a.yaml'), files);
    expect(problems).toEqual([]);
    expect(Object.keys(contract?.states ?? {})).toEqual(['private', 'hidden']);
  });

  test('may include each other, and are read once', () => {
    const files = {
      ...FILES,
      'a.yaml': part('include: [b.yaml, contract.yaml]'),
      'b.yaml': part('include: [a.yaml, b.yaml]'),
    };
    expect(load(main('a.yaml, a.yaml'), files).problems).toEqual([]);
  });

  test('may not declare a name twice', () => {
    const files = { ...FILES, 'a.yaml': part('states:\n  private: { of: person }') };
    expect(load(main('a.yaml'), files).problems).toContainEqual(
      expect.objectContaining({
        message: '"private" of states is declared in contract.yaml already.',
        where: { file: 'a.yaml', line: 3, column: 3 },
      }),
    );
  });

  test('say where they are wrong themselves', () => {
    const files = { ...FILES, 'a.yaml': part('states:\n  x: { off: person }') };
    const { contract, problems } = load(main('a.yaml'), files);
    expect(contract).toBeUndefined();
    expect(problems).toContainEqual(
      expect.objectContaining({
        message: '"off" is not known here.',
        fix: 'Did you mean "of"?',
        where: { file: 'a.yaml', line: 3, column: 8 },
      }),
    );
  });

  test('are pointed to where a name in them is wrong', () => {
    const files = { ...FILES, 'a.yaml': part('states:\n  x: { of: persn }') };
    expect(load(main('a.yaml'), files).problems).toContainEqual(
      expect.objectContaining({
        message: 'There is no kind of owner "persn".',
        where: { file: 'a.yaml', line: 3, column: 12 },
      }),
    );
  });

  test('hold sections only', () => {
    const files = { ...FILES, 'a.yaml': part('mode: monitor') };
    expect(load(main('a.yaml'), files).problems[0]?.message).toBe('"mode" is not known here.');
  });

  test('are not more than a few', () => {
    const files: Record<string, string> = { ...FILES };
    for (let index = 0; index < 60; index++) files[`f${index}.yaml`] = part(`include: [f${index + 1}.yaml]`);
    files['f60.yaml'] = part('');
    expect(load(main('f0.yaml'), files).problems[0]?.message).toMatch(/^More than \d+ files are included/);
  });

  test.each([
    ['include: [gone.yaml]\napi: {', 'api: {'],
    ['schema: gone.graphql', 'schema: schema.graphql'],
    ['openapi: gone.yaml, schema: schema.graphql', 'schema: schema.graphql'],
  ])('and are not there stop the loading with a code: %s', (to, from) =>
    expect(() => load(RIGHT.replace(from, to), FILES)).toThrow(expect.objectContaining({ code: 'LP-FILE-UNREADABLE' })),
  );
});

test('every problem is told at once, and the first is thrown for those who cannot go on', () => {
  const wrong = RIGHT.replace('age: { see: member', 'age: { see: memebr').replace('ref: User', 'ref: Usr');
  expect(load(wrong, FILES).problems.map((each) => each.where.line)).toEqual([18, 20]);
  const read = (file: string) => ({ file, text: { ...FILES, 'contract.yaml': wrong }[file] ?? '' });
  expect(() => loadContractOrThrow('contract.yaml', read)).toThrow(
    expect.objectContaining({
      code: 'LP-CONTRACT-INVALID',
      message: 'There is no relation "memebr". (and 1 more)',
      where: { file: 'contract.yaml', line: 18, column: 19 },
    }),
  );
});
