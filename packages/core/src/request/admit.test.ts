import { describe, expect, test } from 'vitest';
import { contractFrom } from '../testing/contract-from.ts';
import { admit } from './admit.ts';
import { type Known, NOTHING_KNOWN } from '../rules/known.ts';
import type { Ask, ResponsePlan } from './response-plan.ts';
import { ANONYMOUS, type Principal } from '../rules/principal.ts';
import type { Refusal } from './refusal.ts';

const CONTRACT = `
relations: { follower: { of: person, lookup: POST /x } }
states: { frozen: { of: person, lookup: POST /x } }
resources:
  User: { owner: id, fields: { id: self, name: self } }
operations:
  GET /open: { by: anyone, query: [q, 'tag*'] }
  GET /users/{id}: { by: member, query: [viewer], headers: [x-viewer], principal: ['query.viewer?', 'header.x-viewer?'], returns: User }
  GET /feed: { by: member, query: [viewer], headers: [x-viewer], principal: [query.viewer, header.x-viewer], returns: [User] }
  POST /notes: { by: member, accepts: [user_id, text, meta], principal: [body.user_id, 'body.meta.user?'] }
  PUT /notes: { by: self, owner: body.user_id, accepts: [user_id, text] }
  GET /notes/{id}/: { by: member, returns: User }
  GET /mine/{id}: { by: [self, follower], owner: path.id, returns: User }
  PUT /users/{id}: { by: self, owner: { path: id, narrow: { frozen: nobody } }, accepts: [name] }
  DELETE /users/{id}/photo: { by: self, owner: { of: 'GET /users/{id}' } }
  POST /events: { by: member, accepts: [] }
`;
const contract = contractFrom(CONTRACT);
const member = (id: string): Principal => ({ kind: 'member', id, ids: 'person', space: 'all', claims: {} });

interface Request {
  readonly as?: Principal;
  readonly body?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly known?: Known;
  readonly final?: boolean;
}

function asked(
  line: string,
  { as = member('7'), body, headers = [], known = NOTHING_KNOWN, final = true }: Request = {},
): Refusal | Ask | ResponsePlan {
  const [method = '', target = ''] = line.split(' ', 2);
  const bytes = body === undefined ? {} : { body: new TextEncoder().encode(body) };
  return admit(contract, { method, authority: 'api.example', target, headers, ...bytes }, as, known, final);
}

function outcome(line: string, request?: Request): string {
  const result = asked(line, request);
  return result.type === 'refusal' ? `${result.status} ${result.code}` : result.type;
}

describe('a request is turned away', () => {
  test.each<[string, string, Request, string]>([
    ['whose operation nobody declared', 'GET /nothing', {}, '404 LP-OPERATION-UNDECLARED'],
    ['with a parameter nobody declared', 'GET /open?x=1', {}, '400 LP-PARAMETER-UNDECLARED'],
    ['with a parameter twice', 'GET /open?q=1&q=2', {}, '400 LP-REQUEST-AMBIGUOUS'],
    ['whose target could be read in two ways', 'GET /open/..', {}, '400 LP-REQUEST-AMBIGUOUS'],
    ['without a credential, where one is needed', 'GET /users/7', { as: ANONYMOUS }, '401 LP-CALLER-UNKNOWN'],
    ['that says it is somebody else', 'GET /users/7?viewer=8', {}, '403 LP-PRINCIPAL-ASSERTED'],
    ['that says it is nobody', 'GET /users/7?viewer=', {}, '403 LP-PRINCIPAL-ASSERTED'],
    ['that names its caller and is not known', 'GET /users/7?viewer=7', { as: ANONYMOUS }, '401 LP-CALLER-UNKNOWN'],
    ['that must name its caller and does not', 'GET /feed', {}, '400 LP-PRINCIPAL-ASSERTED'],
    ['that must name its caller twice and does once', 'GET /feed?viewer=7', {}, '400 LP-PRINCIPAL-ASSERTED'],
    ['that must name its caller and has no body', 'POST /notes', {}, '400 LP-PRINCIPAL-ASSERTED'],
    ['whose body does not name its caller', 'POST /notes', { body: '{"text":"x"}' }, '400 LP-PRINCIPAL-ASSERTED'],
    ['whose body names another', 'POST /notes', { body: '{"user_id":8}' }, '403 LP-PRINCIPAL-ASSERTED'],
    ['whose body names nobody', 'POST /notes', { body: '{"user_id":null}' }, '403 LP-PRINCIPAL-ASSERTED'],
    ['whose body names several', 'POST /notes', { body: '{"user_id":["7"]}' }, '403 LP-PRINCIPAL-ASSERTED'],
    [
      'whose body names another further in',
      'POST /notes',
      { body: '{"user_id":7,"meta":{"user":"8"}}' },
      '403 LP-PRINCIPAL-ASSERTED',
    ],
    [
      'whose body has no place for that name',
      'POST /notes',
      { body: '{"user_id":7,"meta":"8"}' },
      '403 LP-PRINCIPAL-ASSERTED',
    ],
    ['whose body names another owner', 'PUT /notes', { body: '{"user_id":8}' }, '404 LP-CALLER-NOT-ALLOWED'],
    ['whose body names no owner', 'PUT /notes', { body: '{"text":"x"}' }, '404 LP-OWNER-UNKNOWN'],
    ['whose body names an unreadable owner', 'PUT /notes', { body: '{"user_id":7.5}' }, '404 LP-OWNER-UNKNOWN'],
    ['whose path lacks its trailing slash', 'GET /notes/7', {}, '404 LP-OPERATION-UNDECLARED'],
    ['whose path has a slash too many', 'GET /users/7/', {}, '404 LP-OPERATION-UNDECLARED'],
    [
      'whose second header says it is somebody else',
      'GET /users/7',
      {
        headers: [
          ['x-viewer', '7'],
          ['x-viewer', '8'],
        ],
      },
      '403 LP-PRINCIPAL-ASSERTED',
    ],
    ['for the object of another', 'GET /mine/8', {}, '404 LP-CALLER-NOT-ALLOWED'],
    ['to change the object of another', 'PUT /users/8', { body: '{"name":"x"}' }, '404 LP-CALLER-NOT-ALLOWED'],
    [
      'with a member nobody declared',
      'PUT /users/7',
      { body: '{"name":"x","role":"admin"}' },
      '400 LP-PARAMETER-UNDECLARED',
    ],
    ['with one in another case', 'PUT /users/7', { body: '{"Name":"x"}' }, '400 LP-PARAMETER-UNDECLARED'],
    [
      'with a member of every prototype',
      'PUT /users/7',
      { body: '{"__proto__":{"role":"admin"}}' },
      '400 LP-PARAMETER-UNDECLARED',
    ],
    ['with a member twice', 'PUT /users/7', { body: '{"name":"x","n\\u0061me":"y"}' }, '400 LP-JSON-INVALID'],
    ['with a list for a body', 'PUT /users/7', { body: '[{"name":"x"}]' }, '400 LP-PARAMETER-UNDECLARED'],
    ['with a body that is no JSON', 'PUT /users/7', { body: 'name=x' }, '400 LP-JSON-INVALID'],
    ['with a body far too deep', 'PUT /users/7', { body: `{"name":${'['.repeat(1_000)}` }, '400 LP-JSON-TOO-DEEP'],
    ['with a body where none is taken', 'GET /open', { body: '{}' }, '400 LP-PARAMETER-UNDECLARED'],
    ['with a member where none is taken', 'POST /events', { body: '{"a":1}' }, '400 LP-PARAMETER-UNDECLARED'],
    ['while a state narrows', 'PUT /users/7', { known: { get: () => 'yes' } }, '404 LP-CALLER-NOT-ALLOWED'],
    ['while nobody knows whether it narrows', 'PUT /users/7', {}, '404 LP-CALLER-NOT-ALLOWED'],
    ['whose owner was not read', 'DELETE /users/7/photo', {}, '404 LP-OWNER-UNKNOWN'],
    [
      'whose owner could not be learnt',
      'DELETE /users/7/photo',
      { known: { get: () => 'no', owners: () => 'unknown' } },
      '404 LP-OWNER-UNKNOWN',
    ],
    [
      'whose owner is told to be nobody',
      'DELETE /users/7/photo',
      { known: { get: () => 'unknown', owners: () => [] } },
      '404 LP-CALLER-NOT-ALLOWED',
    ],
    ['for a server nobody declared', 'GET http://evil.example/open', {}, '400 LP-REQUEST-AMBIGUOUS'],
  ])('%s', (_, line, request, expected) => expect(outcome(line, request)).toBe(expected));
});

describe('a request may go on', () => {
  test.each<[string, string, Request]>([
    ['that anybody may make', 'GET /open?q=1', { as: ANONYMOUS }],
    ['with a parameter twice that may repeat', 'GET /open?tag=1&tag=2&q=', {}],
    ['with an empty query', 'GET /open?', {}],
    ['of a member', 'GET /users/8', {}],
    ['that says truly who it is', 'GET /users/8?viewer=7', { headers: [['x-viewer', '7']] }],
    ["for one's own object", 'GET /mine/7', {}],
    ['of a follower', 'GET /mine/8', { known: { get: (claim) => (claim.type === 'relation' ? 'yes' : 'no') } }],
    ["to change one's own", 'PUT /users/7', { body: '{"name":"x"}', known: { get: () => 'no' } }],
    ['with an empty body', 'POST /events', { body: '' }],
    ['with an empty object', 'POST /events', { body: ' {} ' }],
    [
      'whose owner was told',
      'DELETE /users/8/photo',
      { known: { get: () => 'no', owners: () => [{ kind: 'person', space: 'all', id: '7' }] } },
    ],
    ['as HEAD, where GET may', 'HEAD /users/8', {}],
    ['that names its caller where it must', 'GET /feed?viewer=7', { headers: [['x-viewer', '7']] }],
    ['whose body names its caller', 'POST /notes', { body: '{"user_id":7,"meta":{"user":"7"}}' }],
    ['whose body names its caller as owner', 'PUT /notes', { body: '{"user_id":"7"}' }],
    ['whose path ends in a slash, as declared', 'GET /notes/7/', {}],
  ])('%s', (_, line, request) => expect(outcome(line, request)).toBe('plan'));
});

describe('what is not known is asked for, and only if it could matter:', () => {
  test('a relation', () =>
    expect(asked('GET /mine/8', { final: false })).toEqual({
      type: 'ask',
      asks: [
        {
          type: 'relation',
          relation: 'follower',
          principal: member('7'),
          owner: { kind: 'person', space: 'all', id: '8' },
        },
      ],
      reads: [],
    }));

  test('an owner, by the read that tells, in its plain form', () => {
    const result = asked('DELETE /users/olga%20%C3%A4/photo', { final: false });
    expect(result).toEqual({
      type: 'ask',
      asks: [],
      reads: [{ operation: 'GET /users/{id}', target: '/users/olga%20%C3%A4' }],
    });
  });

  test('an owner, by the read of the very object: path and query byte for byte', () => {
    const tenants = contractFrom(`
resources: { Note: { owner: author, fields: { author: self, text: self } } }
operations:
  GET /notes/{id}: { by: member, query: [tenant], returns: Note }
  DELETE /notes/{id}: { by: self, owner: { of: 'GET /notes/{id}', harmless: [notify] }, query: [tenant, notify] }
`);
    const reads = (target: string): unknown => {
      const line = { method: 'DELETE', authority: 'api.example', target, headers: [] };
      const result = admit(tenants, line, member('7'), NOTHING_KNOWN);
      return result.type === 'ask' ? result.reads.map((each) => each.target) : result;
    };
    expect(reads('/notes/1?tenant=2')).toEqual(['/notes/1?tenant=2']);
    expect(reads('/notes/a+b?notify=1&tenant=%32')).toEqual(['/notes/a+b?tenant=%32']);
    expect(reads('/notes/7,8:@=&$?n%6ftify')).toEqual(['/notes/7,8:@=&$']);
    expect(reads('/notes/1?')).toEqual(['/notes/1']);
  });

  test('no owner, where the path of the read could be divided into other values than those of the request', () => {
    const points = contractFrom(`
resources: { Note: { owner: author, fields: { author: self } } }
operations:
  GET /notes/{group},{id}: { by: member, returns: Note }
  DELETE /groups/{group}/{id}: { by: self, owner: { of: 'GET /notes/{group},{id}' } }
`);
    const deleted = (target: string): unknown =>
      admit(points, { method: 'DELETE', authority: 'api.example', target, headers: [] }, member('7'), NOTHING_KNOWN);
    expect(deleted('/groups/a/1')).toMatchObject({ reads: [{ target: '/notes/a,1' }] });
    for (const target of ['/groups/a/1,2', '/groups/a%2Cb/1'])
      expect(deleted(target)).toMatchObject({ type: 'refusal', code: 'LP-OWNER-UNKNOWN' });
  });

  test('the body, before it has arrived, and only if the head does not refuse it', () => {
    const unread = (line: string, as: Principal): unknown => {
      const [method = '', target = ''] = line.split(' ', 2);
      const result = admit(
        contract,
        { method, authority: 'api.example', target, headers: [], body: 'unread' },
        as,
        NOTHING_KNOWN,
      );
      return result.type === 'refusal' ? result.code : result;
    };
    const ask = { type: 'ask', asks: [], reads: [] };
    expect(unread('POST /notes', member('7'))).toEqual(ask);
    expect(unread('PUT /notes', member('7'))).toEqual(ask);
    expect(unread('POST /notes', ANONYMOUS)).toBe('LP-CALLER-UNKNOWN');
    expect(unread('PUT /users/8', ANONYMOUS)).toBe('LP-CALLER-UNKNOWN');
  });

  test('nothing for a caller to whom no owner could help', () => {
    const nothing = (target: string, as: Principal): unknown => asked(target, { as, final: false });
    expect(nothing('DELETE /users/7/photo', ANONYMOUS)).toMatchObject({ type: 'refusal', status: 401 });
  });

  test('nothing for the owner', () => expect(asked('GET /mine/7', { final: false }).type).toBe('plan'));

  test('nothing for somebody unknown', () =>
    expect(outcome('GET /mine/7', { as: ANONYMOUS, final: false })).toBe('401 LP-CALLER-UNKNOWN'));
});

test('a plan says what the answer is laid beside', () =>
  expect(asked('GET /users/8')).toMatchObject({
    operation: 'GET /users/{id}',
    protocol: 'rest',
    principal: { id: '7' },
    expected: { shape: { type: 'object', resource: 'User' }, space: 'all' },
    mode: 'enforce',
  }));

test('where undeclared parameters may pass they do, and a caller still cannot be somebody else', () => {
  const open = contractFrom(`${CONTRACT}\nundeclared: { parameters: pass }`);
  const ask = (target: string) =>
    admit(open, { method: 'GET', authority: 'api.example', target, headers: [] }, member('7'), NOTHING_KNOWN, true);
  expect(ask('/users/8?x=1').type).toBe('plan');
  expect(ask('/users/8?viewer=8')).toMatchObject({ type: 'refusal', code: 'LP-PRINCIPAL-ASSERTED' });
  for (const name of [
    'viewer[]',
    'Viewer',
    'viewer%5B%5D',
    'viewer.id',
    'viewer%20',
    'VIEWER[0]',
    'view-er',
    '+viewer',
  ])
    expect([name, ask(`/users/8?viewer=7&${name}=8`)]).toMatchObject([name, { code: 'LP-REQUEST-AMBIGUOUS' }]);
});

test('a refusal of an absent object and of a foreign one is the same to the caller', () => {
  const { type, status, code } = asked('GET /mine/8') as Refusal;
  expect({ type, status, code }).toEqual({ type: 'refusal', status: contract.foreign, code: 'LP-CALLER-NOT-ALLOWED' });
});
