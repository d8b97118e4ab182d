import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadContractOrThrow } from '../authoring/index.ts';
import { isLeakproofError } from '../errors.ts';
import { admit } from '../request/admit.ts';
import { observe } from '../response/observe.ts';
import { judge } from '../rules/judge.ts';
import { NOTHING_KNOWN } from '../rules/known.ts';
import { ANONYMOUS } from '../rules/principal.ts';
import { readJson } from '../wire/json.ts';
import type { CompiledContract } from './compiled.ts';
import { readCompiled } from './read-compiled.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const folder = resolve(import.meta.dirname, '../../cases');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const built = files.map((name) => {
  const contract = loadContractOrThrow(resolve(folder, name), (path, from) => {
    const file = from === undefined ? path : resolve(dirname(from), path);
    return { file, text: readFileSync(file, 'utf8') };
  });
  return [name, contract] as const;
});

test.each(built)('%s is read back as it was built, with its digest', (_, contract) => {
  const read = readCompiled(JSON.stringify(contract), { sha256 });
  expect(read?.contract).toEqual(JSON.parse(JSON.stringify(contract)));
  expect(readCompiled(JSON.stringify(contract), { sha256, digest: read?.digest ?? '' })).toEqual(read);
});

test('there are contracts to read', () => expect(built.length).toBeGreaterThan(30));

test.each(['', 'leakproof: 1', '{"leakproof":1}', '[]', 'null'])('%j names no compiled format', (text) => {
  expect(readCompiled(text, { sha256 })).toBeUndefined();
});

describe('what is refused', () => {
  const [[, contract] = []] = built;
  if (!contract) throw new Error('There is no contract to change.');
  const refusal = (value: unknown, digest?: string): string => {
    try {
      readCompiled(JSON.stringify(value), { file: 'c.json', sha256, ...(digest === undefined ? {} : { digest }) });
    } catch (error) {
      if (isLeakproofError(error)) return `${error.code} ${error.where?.file} ${error.message}`;
    }
    return 'nothing';
  };

  test.each([
    ['another format', { ...contract, format: 1 }, 'has format 1; this version reads format 2'],
    ['an unknown member', { ...contract, moode: 'monitor' }, '/moode'],
    ['another mode', { ...contract, mode: 'off' }, '/mode'],
    ['no operations', { ...contract, operations: undefined }, '/operations'],
    [
      'a shape of no kind',
      { ...contract, operations: [{ ...contract.operations[0], returns: { type: 'all' } }] },
      '/operations/0/returns',
    ],
    ['a literal that is no JSON', withField({ instead: '{"a":' }), '/instead'],
    [
      'a condition that is no CEL',
      { ...contract, states: { s: { of: 'person', unknown: true, object: { '*': { cel: '(', reads: [] } } } } },
      '/states/s',
    ],
    [
      'a condition that reads more than it lists',
      { ...contract, states: { s: { of: 'person', unknown: true, object: { '*': { cel: 'object.a', reads: [] } } } } },
      '/states/s',
    ],
  ])('%s', (_, value, detail) => {
    expect(refusal(value)).toContain('LP-CONTRACT-INVALID c.json');
    expect(refusal(value)).toContain(detail);
  });

  test('a contract of another digest', () => {
    expect(refusal(contract, '00')).toContain('not 00');
  });

  function withField(more: object): unknown {
    const field = { grant: { see: ['anyone'], narrow: {} }, shape: { type: 'plain' }, ...more };
    return { ...contract, resources: { R: { name: 'R', owner: 'none', about: [], fields: { f: field } } } };
  }
});

test('whatever is changed in a compiled contract, it is refused with its code or every rule runs on it', () => {
  const values = fc.oneof(
    fc.constant(undefined),
    fc.jsonValue({ maxDepth: 2 }),
    fc.constant('type'),
    fc.constant({ type: 'any' }),
  );
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...built.map(([, contract]) => contract)), fc.nat(), values, (contract, at, value) => {
      const copy: unknown = JSON.parse(JSON.stringify(contract));
      change(copy, at, value);
      const text = JSON.stringify(copy);
      let read: CompiledContract | undefined;
      try {
        read = readCompiled(text, { sha256 })?.contract;
      } catch (error) {
        if (!isLeakproofError(error)) throw error;
        refused++;
      }
      if (!read) return;
      accepted++;
      for (const operation of read.operations) exercise(read, operation);
    }),
    { numRuns: 2_000 },
  );
  expect(accepted).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
});

function exercise(contract: CompiledContract, operation: CompiledContract['operations'][number]): void {
  const path = (operation.template ?? []).map((part) => ('literal' in part ? part.literal : '7')).join('/');
  const authority = contract.servers[0]?.endpoints.rest?.authority ?? 'none.test';
  try {
    admit(
      contract,
      { method: operation.method ?? 'GET', authority, target: `/${path}`, headers: [] },
      ANONYMOUS,
      NOTHING_KNOWN,
    );
    const { sightings } = observe(
      contract,
      { shape: operation.returns, space: 'us' },
      readJson('[{"id":"7","data":[{"id":1}]}]'),
    );
    for (const each of sightings) judge(contract, ANONYMOUS, each, NOTHING_KNOWN);
  } catch (error) {
    if (!isLeakproofError(error)) throw error;
  }
}

/** Replaces the value at the n-th place of a tree. */
function change(tree: unknown, at: number, value: unknown): void {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, each] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, key]);
      visit(each);
    }
  };
  visit(tree);
  const place = places[at % places.length];
  if (place) place[0][place[1]] = value;
}
