import { describe, expect, test, vi } from 'vitest';
import { contractFrom } from '../../../core/src/testing/contract-from.ts';
import { ANONYMOUS, NOTHING_KNOWN } from '@leakproof/core';
import { createCut } from '../create-cut.ts';
import type { CutPlan } from '../cut-options.ts';
import { countReads } from '../testing/count-reads.ts';
import { cutOutcome, sealOutcome } from '../testing/outcomes.ts';

const encoder = new TextEncoder();

const CONTRACT = contractFrom(`
resources:
  User: { owner: id, see: anyone, fields: { id: anyone, name: anyone, more: { see: anyone, is: any }, friends: { see: anyone, is: [ User ] } } }
operations: { GET /users: { by: anyone, returns: [ User ] } }
`);
const PLAN: CutPlan = {
  expected: { shape: CONTRACT.operations[0]?.returns ?? { type: 'nothing' }, space: CONTRACT.servers[0]?.space ?? '' },
  principal: ANONYMOUS,
  mode: 'enforce',
};

/** What is released of a list, and how many of its elements the WebAssembly reader read. */
function cut(elements: readonly string[], chunkBytes = 65_536): { text: string; read: number } {
  let text = '';
  const body = Buffer.from(`[${elements.join(',')}]`);
  const read = countReads(() => {
    const running = createCut(CONTRACT, PLAN);
    const steps = Array.from({ length: Math.ceil(body.length / chunkBytes) }, (_, index) =>
      running.push(body.subarray(index * chunkBytes, (index + 1) * chunkBytes)),
    );
    for (const step of [...steps, running.end()]) {
      if (step.type === 'refuse') throw new Error(step.code);
      if (step.type === 'release') text += Buffer.concat(step.chunks).toString();
    }
  });
  return { text, read };
}

describe('the WebAssembly reader', () => {
  const user = (id: number, more: unknown = null): string =>
    JSON.stringify({ id, name: 'ä🚲', more, friends: [{ id: id + 1 }] });

  test('reads every element with a known layout, however nested', () => {
    const list = Array.from({ length: 50 }, (_, index) => user(index, { a: [1, { b: 'x' }], c: {} }));
    cut(list);
    const { read, text } = cut(list);
    expect(text).toBe(`[${list.join(',')}]`);
    expect(read).toBe(50);
  });

  test('selects the resource of an element by its discriminator', () => {
    const mixed = contractFrom(`
resources:
  Ride: { owner: id, see: anyone, fields: { kind: anyone, id: anyone, km: anyone } }
  Walk: { owner: id, see: anyone, fields: { kind: anyone, id: anyone, km: self } }
operations: { GET /feed: { by: anyone, returns: [ { by: kind, ride: Ride, walk: Walk, else: drop } ] } }
`);
    const plan = {
      ...PLAN,
      expected: { ...PLAN.expected, shape: mixed.operations[0]?.returns ?? { type: 'nothing' } },
    };
    const kinds = ['ride', 'ride', 'walk', 'ride', 'walk', 'swim', 'ride'];
    const elements = kinds.map((kind, id) => `{"kind":"${kind}","id":${id},"km":1}`);
    const body = encoder.encode(`[${elements.join(',')}]`);
    const expected = sealOutcome({ contract: mixed, plan, known: NOTHING_KNOWN }, body);
    const outcome = (): unknown => {
      const { type, text, facts } = cutOutcome({ contract: mixed, plan, known: NOTHING_KNOWN }, [body]);
      return { type, text, facts };
    };
    expect(outcome()).toEqual(expected);
    const read = countReads(() => expect(outcome()).toEqual(expected));
    expect(read).toBeGreaterThanOrEqual(6);
    expect(expected.text).toContain('{"kind":"walk","id":2}');
  });

  test('does not apply the limit for one element to a document of many', () => {
    const page = contractFrom(`
resources: { User: { owner: id, see: anyone, fields: { id: anyone } } }
operations: { GET /page: { by: anyone, returns: { data: [ User ] } } }
`);
    const plan = { ...PLAN, expected: { ...PLAN.expected, shape: page.operations[0]?.returns ?? { type: 'nothing' } } };
    const text = `{"data":[${Array.from({ length: 100 }, (_, id) => `{"id":${id}}`).join(',')}]}`;
    for (let time = 0; time < 3; time++) {
      const running = createCut(page, plan, { maxElementBytes: 40 });
      const steps = [running.push(encoder.encode(text)), running.end()];
      expect(steps.map((step) => step.type)).not.toContain('refuse');
      const released = steps.flatMap((step) => (step.type === 'release' ? step.chunks : []));
      expect(Buffer.concat(released).toString()).toBe(text);
    }
  });

  test('reads elements whose members are in another order or missing', () => {
    const list = ['{"id":1,"name":"a"}', '{"name":"a","id":1}', '{"id":1}', '{}'];
    cut(list);
    const { read } = cut(list);
    expect(read).toBe(4);
  });

  test('reads a chunk that is larger than its memory in parts', () => {
    const list = Array.from({ length: 3_000 }, (_, index) => user(index, 'x'.repeat(100)));
    cut(list);
    const { read, text } = cut(list, 1_000_000);
    expect(text).toBe(`[${list.join(',')}]`);
    expect(read).toBe(3_000);
  });

  test('declines an element that is larger than its tables', () => {
    const many = `{"id":1,"friends":[${Array.from({ length: 9_000 }, () => '{"id":2}').join(',')}]}`;
    const few = '{"id":1,"friends":[{"id":2}]}';
    cut([few]);
    const { read, text } = cut([few, few, many], 1_000_000);
    expect(text === `[${few},${few},${many}]`).toBe(true);
    expect(read).toBe(2);
  });

  test('continues after its memory for layouts was full', () => {
    const bodies = Array.from({ length: 12 }, (_, body) =>
      Array.from({ length: 2_500 }, (__, index) => `{"id":1,"more":{"${'k'.repeat(40)}${body}-${index}":1}}`),
    );
    for (const list of bodies) expect(cut(list).text).toBe(`[${list.join(',')}]`);
    const list = Array.from({ length: 10 }, () => '{"id":1,"name":"a"}');
    cut(list);
    expect(cut(list).read).toBe(10);
  });

  test('does not read past a chunk that ends within a token', () => {
    const list = Array.from({ length: 20 }, (_, index) => user(index));
    cut(list);
    for (let bytes = 1; bytes < 80; bytes++) expect(cut(list, bytes).text).toBe(`[${list.join(',')}]`);
  });

  test('does not mix up two bodies that are cut in turns', () => {
    const cuts = ['a', 'b'].map((name) => ({ name, running: createCut(CONTRACT, PLAN), text: '' }));
    for (let part = 0; part < 20; part++) {
      for (const each of cuts) {
        const step = each.running.push(
          Buffer.from(`${part === 0 ? '[' : ','}{"id":"${each.name}${part}","name":"${each.name}`),
        );
        const rest = each.running.push(Buffer.from('"}'));
        for (const { chunks } of [step, rest].filter((one) => one.type === 'release'))
          each.text += Buffer.concat(chunks).toString();
      }
    }
    for (const { name, text } of cuts) {
      const elements = Array.from({ length: 20 }, (_, part) => `{"id":"${name}${part}","name":"${name}"}`);
      expect(text).toBe(`[${elements.join(',')}`);
    }
  });

  test('may be unavailable, where code may not be compiled: bodies are cut all the same', async () => {
    const text = `[${Array.from({ length: 20 }, (_, index) => user(index)).join(',')}]`;
    vi.resetModules();
    vi.stubGlobal('WebAssembly', undefined);
    try {
      const { createCut: createPlainCut } = await import('../create-cut.ts');
      const { wasmReader: noReader } = await import('./wasm-reader.ts');
      expect(noReader()).toBeUndefined();
      const running = createPlainCut(CONTRACT, PLAN);
      const steps = [running.push(encoder.encode(text)), running.end()];
      const released = steps.flatMap((step) => (step.type === 'release' ? step.chunks : []));
      expect(Buffer.concat(released).toString()).toBe(text);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
