import { expect, test } from 'vitest';
import { bytesOf } from '../../reading/bytes/byte-source.ts';
import type { Reading, ReadOptions } from '../../reading/reader.ts';
import { openapi } from './reader.ts';

async function read(document: unknown, options?: ReadOptions): Promise<Reading[]> {
  const readings: Reading[] = [];
  const input = bytesOf('https://api.example.test/spec/openapi.json', JSON.stringify(document));
  for await (const batch of openapi.read(input, options)) readings.push(...batch);
  return readings;
}

const documentOf = (schema: unknown, schemas: unknown = {}): object => ({
  openapi: '3.1.0',
  paths: { '/a': { get: { responses: { 200: { content: { 'application/json': { schema } } } } } } },
  components: { schemas },
});

function fieldsOf(readings: readonly Reading[]): readonly { pointer: string; type: string }[] {
  const [first] = readings;
  return first?.type === 'operation' ? (first.operation.responses[0]?.bodies[0]?.fields ?? []) : [];
}

test('external references are not loaded by default', async () => {
  const readings = await read(documentOf({ $ref: 'user.yaml#/User' }));
  expect(readings).toContainEqual(expect.objectContaining({ type: 'reject', code: 'ref-external' }));
});

test('with externalRefs, references are followed from document to document', async () => {
  const asked: string[] = [];
  const documents = new Map([
    [
      'https://api.example.test/spec/user.yaml',
      'User: { properties: { id: { type: string }, home: { $ref: "../place.json" } } }',
    ],
    [
      'https://api.example.test/place.json',
      '{"properties":{"city":{"type":"string"},"owner":{"$ref":"spec/user.yaml#/User"}}}',
    ],
  ]);
  const readings = await read(documentOf({ $ref: 'user.yaml#/User' }), {
    externalRefs: async (uri) => {
      asked.push(uri);
      const text = documents.get(uri);
      return text === undefined ? undefined : Buffer.from(text);
    },
  });
  expect(asked).toEqual([...documents.keys()]);
  expect(fieldsOf(readings).map(({ pointer }) => pointer)).toEqual(['/id', '/home', '/home/city', '/home/owner']);
  expect(readings.filter(({ type }) => type === 'reject')).toEqual([]);
});

test('a reference that cannot be loaded affects only the part that contains it', async () => {
  const readings = await read(documentOf({ $ref: 'gone.yaml' }), {
    externalRefs: () => Promise.reject(new Error('offline')),
  });
  expect(readings.map((reading) => (reading.type === 'reject' ? reading.code : reading.type))).toEqual([
    'operation',
    'ref-external',
  ]);
});

test('a body with unlimited nesting is listed up to the limit, outermost fields first', async () => {
  const wide = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `S${at}`,
      {
        properties: Object.fromEntries(
          Array.from({ length: 40 }, (_unused, other) => [`p${other}`, { $ref: `#/components/schemas/S${other}` }]),
        ),
      },
    ]),
  );
  const readings = await read(documentOf({ $ref: '#/components/schemas/S0' }, wide), { maxFields: 100 });
  const fields = fieldsOf(readings);
  expect(fields.length).toBeGreaterThanOrEqual(100);
  expect(fields.length).toBeLessThan(200);
  expect(fields.slice(0, 40).every(({ pointer }) => /^\/p\d+$/.test(pointer))).toBe(true);
  expect(readings).toContainEqual(expect.objectContaining({ code: 'fields-limit' }));
});

test('schemas that multiply each other are read in bounded time', async () => {
  const bomb = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [
      `A${at}`,
      { allOf: Array.from({ length: 10 }, () => ({ $ref: `#/components/schemas/A${at + 1}` })) },
    ]),
  );
  const readings = await read(
    documentOf({ $ref: '#/components/schemas/A0' }, { ...bomb, A60: { properties: { x: {} } } }),
  );
  expect(readings).toContainEqual(expect.objectContaining({ code: 'fields-limit' }));
});

test('a document larger than the limit is rejected and not read', async () => {
  expect(await read(documentOf({}), { maxDocumentBytes: 50 })).toMatchObject([{ code: 'document-too-large' }]);
});

test.each([
  [{ openapi: '4.0.0', paths: {} }, 'version-unsupported'],
  [{ swagger: '1.2' }, 'version-unsupported'],
  [{ info: {} }, 'wrong-document'],
  [[1], 'wrong-document'],
  [{ openapi: '3.0.0', paths: [] }, 'wrong-document'],
])('%j is %s', async (document, code) => {
  expect(await read(document)).toContainEqual(expect.objectContaining({ type: 'reject', code }));
});
