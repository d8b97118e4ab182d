import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeHandouts } from './make-handouts.ts';

let files: ReadonlyMap<string, string>;
beforeAll(async () => {
  files = await makeHandouts();
});
const file = (name: string): string => files.get(name) ?? '';

test('the same seed gives the same bytes, another seed other bytes', async () => {
  expect(await makeHandouts()).toEqual(files);
  expect((await makeHandouts({ seed: 2 })).get('web.har')).not.toBe(file('web.har'));
});

test('the files in examples/cadence are those that the lab writes', () => {
  expect(files.size).toBe(12);
  for (const [name, text] of files) {
    const path = fileURLToPath(new URL(`../../../../examples/cadence/${name}`, import.meta.url));
    expect([name, readFileSync(path, 'utf8') === text]).toEqual([name, true]);
  }
});

describe('the OpenAPI description', () => {
  test('does not contain the operations of the incident', () => {
    const { paths } = JSON.parse(file('openapi.json')) as { readonly paths: Readonly<Record<string, unknown>> };
    expect(Object.keys(paths)).toContain('/api/user/{id}');
    expect(Object.keys(paths).length).toBeGreaterThan(12);
    expect(file('openapi.json')).not.toMatch(/stats|gql\.uk|admin|v1/);
  });
});

test('the captures of the apps contain successful responses', () => {
  for (const [name, least] of [
    ['web.har', 40],
    ['mobile.har', 8],
    ['device.har', 4],
  ] as const) {
    const { log } = JSON.parse(file(name)) as {
      readonly log: { readonly entries: readonly { readonly response: { readonly status: number } }[] };
    };
    expect(log.entries.length).toBeGreaterThanOrEqual(least);
    expect(log.entries.filter(({ response }) => response.status !== 200)).toEqual([]);
  }
});

test('the access logs have the same lines in both formats, and contain the incident', () => {
  const lines = ['api.us', 'api.uk', 'gql.us', 'gql.uk'].flatMap((host) =>
    file(`access.${host}.lab.test.combined`).trimEnd().split('\n'),
  );
  expect(lines.length).toBe(file('access.jsonl').trimEnd().split('\n').length);
  expect(lines.filter((line) => line.includes('POST /stats/workouts/details')).length).toBeGreaterThan(2);
  expect(
    lines.every((line) =>
      /^[\d.]+ - \S+ \[20\/Jan\/2021:\d\d:\d\d:\d\d \+0000\] "[A-Z]+ \S+ HTTP\/1\.1" \d{3} \d+ "-" "[^"]+"$/.test(line),
    ),
  ).toBe(true);
});

test('no token in the files has a valid signature', () => {
  const tokens = [...file('web.har').matchAll(/Bearer ([\w.-]+)/g)].map(([, token = '']) => token);
  expect(tokens.length).toBeGreaterThan(20);
  expect(new Set(tokens.map((token) => token.split('.')[2]))).toEqual(new Set(['c2lnbmF0dXJl']));
});
