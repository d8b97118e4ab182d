import { expect, test } from 'vitest';
import { READERS } from '../readers/index.ts';
import { REJECT_CODES, type RejectCode } from '../reading/reject-codes.ts';
import { exchangeOf } from '../testing/exchange-of.ts';
import { buildInventory } from './build-inventory.ts';
import type { Inventory } from './inventory.ts';
import { undeclaredVerdict, unreadIn } from './undeclared-verdict.ts';

const declared = (name: string): Parameters<ReturnType<typeof buildInventory>['declare']>[0] => ({
  protocol: 'http',
  name: `GET ${name}`,
  method: 'GET',
  path: name,
  servers: ['http://api.test'],
  tags: [],
  parameters: [],
  request: [],
  responses: [],
  security: undefined,
  deprecated: false,
  provenance: { reader: 'openapi', file: 'api.yaml', at: name },
});

interface World {
  readonly described?: readonly string[];
  /** `http://api.test /a`. */
  readonly seen?: readonly string[];
  readonly lost?: readonly (readonly [reader: string, code: RejectCode])[];
}

function inventory({ described = ['/a'], seen = ['http://api.test /a'], lost = [] }: World): Inventory {
  const builder = buildInventory();
  for (const path of described) builder.declare(declared(path));
  for (const each of seen) {
    const [origin = '', path = ''] = each.split(' ');
    builder.add(exchangeOf(`GET ${path}`, { origin }));
  }
  for (const [reader, code] of lost) builder.reject({ code, reader, file: 'x', count: 1 });
  return builder.finish();
}

test.each<[string, World, string]>([
  ['everything in the traffic is declared', {}, 'declared'],
  ['an operation is not', { seen: ['http://api.test /a', 'http://api.test /b'] }, 'undeclared'],
  ['a host is not', { seen: ['http://other.test /a'] }, 'undeclared'],
  ['there is no description', { described: [] }, 'inconclusive'],
  ['there is no traffic', { seen: [] }, 'inconclusive'],
  ['an entry of the traffic is lost', { lost: [['har', 'not-an-object']] }, 'inconclusive'],
  ['the rest of the traffic is lost', { lost: [['har', 'torn']] }, 'inconclusive'],
  ['a recording is torn', { lost: [['recording', 'torn']] }, 'inconclusive'],
  ['a path of the description is lost', { lost: [['openapi', 'path-invalid']] }, 'inconclusive'],
  ['only a part of an entry is lost', { lost: [['har', 'body-absent']] }, 'declared'],
  ['a line is no request', { lost: [['log-json', 'line-not-a-request']] }, 'declared'],
  ['an entry is no HTTP request', { lost: [['har', 'url-not-http']] }, 'declared'],
  [
    'an operation is not declared, and a line is lost',
    { seen: ['http://api.test /b'], lost: [['log-json', 'line-unreadable']] },
    'undeclared',
  ],
  [
    'what seems undeclared could be in the lost part of the description',
    { seen: ['http://api.test /b'], lost: [['openapi', 'path-invalid']] },
    'inconclusive',
  ],
])('where %s, the verdict is right', (_title, world, verdict) => {
  expect(undeclaredVerdict(inventory(world)).verdict).toBe(verdict);
});

const losing = Object.entries(REJECT_CODES).filter(([, { loses }]) => loses === 'item' || loses === 'rest');
test.each(losing.flatMap(([code]) => READERS.map(({ id }) => [code as RejectCode, id] as const)))(
  '%s in a source of %s is never green',
  (code, reader) => {
    const found = inventory({ lost: [[reader, code]] });
    expect(unreadIn(found)).toHaveLength(1);
    expect(undeclaredVerdict(found).verdict).toBe('inconclusive');
  },
);

test('an access log without hosts is compared by its paths only', () => {
  const found = inventory({ seen: ['http:// /a'] });
  expect([found.hosts[0]?.declared, undeclaredVerdict(found).verdict]).toEqual([undefined, 'declared']);
});
