import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CORPUS } from './corpus.ts';
import { type Outcome, runCorpusCase } from './run-corpus-case.ts';
import { setUpCorpus } from './proxy-under-test.ts';

const corpus = await setUpCorpus();
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);

beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

describe('the leak corpus', () => {
  test.each(CORPUS.map((each) => [each.id, each.title, each] as const))('%s: %s', async (_, __, each) => {
    const outcome = await runCorpusCase(each, corpus.enforcing, corpus.credentials);
    expect(outcome).toMatchObject({ leaked: [], lost: [], faults: [] });
  });

  const leaky = CORPUS.filter(({ id }) => ['A1', 'A2', 'J3', 'J5', 'S8', 'H7'].includes(id));
  test('can fail: a guard in monitor releases what the cases forbid', async () => {
    const outcomes: Outcome[] = [];
    for (const each of leaky) outcomes.push(await runCorpusCase(each, corpus.monitoring, corpus.credentials));
    const failed = outcomes.filter(({ leaked, faults }) => leaked.length + faults.length > 0);
    expect(failed.length).toBeGreaterThan(20);
    expect(outcomes.flatMap(({ leaked }) => leaked).length).toBeGreaterThan(30);
  });

  test('leaves no rejected promise unhandled (pitfall R4)', () => {
    expect(unhandled).toEqual([]);
  });

  test('has cases of every family of pitfalls', () => {
    expect(CORPUS.length).toBeGreaterThan(180);
    expect([...new Set(CORPUS.map((each) => each.id[0]))].sort()).toEqual([
      'A',
      'E',
      'F',
      'H',
      'J',
      'L',
      'R',
      'S',
      'T',
    ]);
  });
});
