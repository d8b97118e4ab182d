import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FUZZ_TIMEOUT_MS, fuzzing } from '../../testing/fuzz.ts';
import { load } from '../../testing/contract-from.ts';

const CONTRACT =
  "leakproof: 1\napi: { servers: { one: { rest: 'http://a.example' } }, openapi: api.yaml }\noperations: { 'GET /rides/{id}': { by: anyone }, POST /rides: { by: anyone } }\n";

const DESCRIPTION = {
  openapi: '3.1.0',
  servers: [{ url: '/{v}', variables: { v: { default: 'v1' } } }],
  paths: {
    '/rides/{id}': { $ref: '#/components/pathItems/ride', parameters: [{ name: 'id', in: 'path', style: 'matrix' }] },
    '/rides': {
      post: {
        parameters: [
          { name: 'where', in: 'query', style: 'deepObject', schema: { $ref: '#/components/schemas/Ride' } },
          { name: 'q', in: 'query', content: { 'application/json': {} } },
        ],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Ride' } } } },
      },
    },
  },
  components: {
    pathItems: { ride: { get: { parameters: [{ name: 'tag', in: 'query', schema: { type: ['array', 'null'] } }] } } },
    schemas: { Ride: { allOf: [{ $ref: '#/components/schemas/Ride' }, { properties: { a: {}, b: { items: {} } } }] } },
  },
};

/** Words that mean something in a description, and values of the wrong kind. */
const word = fc.constantFrom<unknown>(
  '#/components/schemas/Ride',
  '#/paths',
  '#',
  '',
  'x.yaml#/a',
  'https://a.example/b',
  '//',
  '%',
  'query',
  'deepObject',
  'array',
  'object',
  '__proto__',
  '\u0000',
  5,
  -1,
  null,
  true,
  [],
  {},
  [[]],
  { $ref: '#/paths' },
  { $ref: 5 },
);

/** The description with the value at some places replaced, or under another key. */
function changed(at: readonly { readonly step: number; readonly value: unknown }[]): unknown {
  const copy = structuredClone(DESCRIPTION) as unknown;
  for (const { step, value } of at) {
    const places: [Record<string, unknown>, string][] = [];
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, below] of Object.entries(node)) {
        places.push([node as Record<string, unknown>, key]);
        visit(below);
      }
    };
    visit(copy);
    const place = places[step % Math.max(places.length, 1)];
    if (place) place[0][place[1]] = structuredClone(value);
  }
  return copy;
}

function isOfCode(text: string): void {
  const { contract, problems } = load(CONTRACT, { 'api.yaml': text });
  for (const { message, code, where } of problems) {
    expect(message).not.toBe('');
    if (where.file === 'api.yaml') expect(code).toBeTypeOf('string');
  }
  if (!contract) expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
}

test(
  'whatever is made of a description, it is read or its problems have codes',
  () =>
    fc.assert(
      fc.property(fc.array(fc.record({ step: fc.nat(200), value: word }), { minLength: 1, maxLength: 4 }), (at) =>
        isOfCode(JSON.stringify(changed(at))),
      ),
      fuzzing(),
    ),
  FUZZ_TIMEOUT_MS,
);

test(
  'whatever text is a description, it is read or its problems have codes',
  () =>
    fc.assert(
      fc.property(fc.nat(1500), fc.string({ unit: 'binary', maxLength: 6 }), (at, text) => {
        const whole = JSON.stringify(DESCRIPTION, null, 1);
        isOfCode(whole.slice(0, at) + text + whole.slice(at + text.length));
      }),
      fuzzing(),
    ),
  FUZZ_TIMEOUT_MS,
);
