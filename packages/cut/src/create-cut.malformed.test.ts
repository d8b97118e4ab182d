import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryWorld } from '../../core/src/testing/arbitrary-world.ts';
import { contractFrom } from '../../core/src/testing/contract-from.ts';
import { FUZZ_TIMEOUT_MS, fuzzing } from '../../core/src/testing/fuzz.ts';
import { ANONYMOUS, NOTHING_KNOWN } from '@leakproof/core';
import { cutOutcome, sealOutcome, split } from './testing/outcomes.ts';

const encoder = new TextEncoder();

/** Fragments of structure, escapes, numbers, words and control characters. */
const HOSTILE = [
  ...Array.from('{}[]:,"\\/bfnrtu0123456789-+.eE \t\n\r'),
  '\u0000',
  '\u001f',
  '\u007f',
  'null',
  'true',
  'fals',
  '\\ud800',
  '\\u00',
  '01',
  '1.',
  '-',
  '1e',
  '"id":',
  '"kind":"a",',
  '{"id":7}',
].map((text) => encoder.encode(text));
/** Bytes of UTF-8 of every length, most of them invalid. */
const RAW = [
  [0x80],
  [0xc0, 0xaf],
  [0xc2],
  [0xe0, 0x80, 0x80],
  [0xe2, 0x82],
  [0xe2, 0x82, 0xac],
  [0xed, 0xa0, 0x80],
  [0xef, 0xbb, 0xbf],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf0, 0x9f, 0x9a, 0xb2],
  [0xf4, 0x90, 0x80, 0x80],
  [0xff],
].map((each) => Uint8Array.from(each));
const PIECES = [...HOSTILE, ...RAW];

interface Change {
  readonly at: number;
  readonly drop: number;
  readonly piece: number;
}

function change(body: Uint8Array, { at, drop, piece }: Change): Uint8Array {
  const index = at % (body.length + 1);
  const added = PIECES[piece % (PIECES.length + 1)] ?? new Uint8Array(0);
  return Uint8Array.from([...body.subarray(0, index), ...added, ...body.subarray(index + drop)]);
}

const changes = (): fc.Arbitrary<Change[]> =>
  fc.array(fc.record({ at: fc.nat(5_000), drop: fc.nat(3), piece: fc.nat(PIECES.length) }), {
    minLength: 1,
    maxLength: 3,
  });
const indexes = (): fc.Arbitrary<number[]> => fc.array(fc.nat(20_000), { maxLength: 8 });

test(
  'the cut refuses every changed body that `seal` refuses, and equals it for the others',
  () => {
    fc.assert(
      fc.property(arbitraryWorld(), changes(), indexes(), ({ contract, expected, principal, known, text }, all, at) => {
        const plan = { expected, principal, mode: 'enforce' } as const;
        const body = all.reduce(change, encoder.encode(text));
        const {
          type,
          text: released,
          facts,
        } = cutOutcome({ contract, plan, known }, split(body, at), { windowElements: 2 });
        const reference = sealOutcome({ contract, plan, known }, body);
        if (reference.type === 'unreadable') expect(type).toBe('unreadable');
        else expect({ type, text: released, facts }).toEqual(reference);
      }),
      fuzzing(),
    );
  },
  FUZZ_TIMEOUT_MS,
);

const CONTRACT = contractFrom(`
resources: { User: { owner: id, see: anyone, fields: { id: anyone } } }
operations: { GET /any: { by: anyone, returns: any }, GET /users: { by: anyone, returns: [ User ] } }
`);
const planOf = (operation: string) => {
  const found = CONTRACT.operations.find((each) => each.name === operation);
  if (!found) throw new Error(`There is no ${operation}.`);
  return { expected: { shape: found.returns, space: 'one' }, principal: ANONYMOUS, mode: 'enforce' } as const;
};

/** Pitfalls J1 to J11 (docs/pitfalls.md), as far as they concern the text itself. */
const TEXTS: readonly (string | readonly number[])[] = [
  '{"a":1,"a":2}',
  '{"a":1,"\\u0061":2}',
  '{"b":{"a":1,"a":1}}',
  '[9007199254740993,-0,1e400,1.10,1E+2]',
  '["\\ud800","\\u2028","\u2028"]',
  '{"__proto__":1,"constructor":2,"toString":3}',
  `${'['.repeat(64)}${']'.repeat(64)}`,
  `${'['.repeat(65)}${']'.repeat(65)}`,
  `${'{"a":'.repeat(64)}1${'}'.repeat(64)}`,
  `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`,
  '',
  ' ',
  '1',
  '-',
  '1 2',
  '01',
  '+1',
  '.5',
  '1.',
  '1e',
  'nul',
  'nulll',
  'NaN',
  "{'a':1}",
  '[1,]',
  '[,1]',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '["\t"]',
  '["\\x"]',
  '["\\u12g4"]',
  '"',
  ")]}',\n[]",
  '[]//',
  [0xef, 0xbb, 0xbf, 0x5b, 0x5d],
  [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x5b, 0x5d],
  [0xef, 0xbb],
  [0xfe, 0xff, 0x00, 0x5b],
  [0x22, 0xc0, 0x80, 0x22],
  [0x22, 0xed, 0xa0, 0x80, 0x22],
  [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
  [0x22, 0xf0, 0x9f, 0x9a, 0xb2, 0x22],
  [0x5b, 0x5d, 0x00],
];

test.each(TEXTS)('%j is read as `seal` reads it, whole and byte by byte', (text) => {
  const body = typeof text === 'string' ? encoder.encode(text) : Uint8Array.from(text);
  const plan = planOf('GET /any');
  const reference = sealOutcome({ contract: CONTRACT, plan, known: NOTHING_KNOWN }, body);
  for (const parts of [[body], Array.from(body, (byte) => Uint8Array.of(byte))]) {
    const { type, text: released, facts } = cutOutcome({ contract: CONTRACT, plan, known: NOTHING_KNOWN }, parts);
    expect({ type, text: released, facts }).toEqual(reference);
  }
});

test.each([
  ['a million open arrays', '['.repeat(1_000_000)],
  ['a hundred thousand keys', `{${Array.from({ length: 100_000 }, (_, at) => `"k${at}":1`).join(',')}}`],
  [
    'a hundred thousand keys, the last one a duplicate',
    `{${Array.from({ length: 100_000 }, (_, at) => `"k${at}":1`).join(',')},"k1":1}`,
  ],
  ['a number of a million digits', `[${'9'.repeat(1_000_000)}]`],
])('%s take time in proportion', (_, text) => {
  const body = encoder.encode(text);
  const plan = planOf('GET /any');
  const parts = split(
    body,
    Array.from({ length: 200 }, (__, at) => at * 5_003),
  );
  const { type } = cutOutcome({ contract: CONTRACT, plan, known: NOTHING_KNOWN }, parts, {
    maxElementBytes: 2_000_000,
  });
  expect(type).toBe(sealOutcome({ contract: CONTRACT, plan, known: NOTHING_KNOWN }, body).type);
});
