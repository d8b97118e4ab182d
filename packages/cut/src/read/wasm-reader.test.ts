import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { arbitraryWorld, type World } from '../../../core/src/testing/arbitrary-world.ts';
import { contractFrom } from '../../../core/src/testing/contract-from.ts';
import { FUZZ_TIMEOUT_MS, fuzzing } from '../../../core/src/testing/fuzz.ts';
import { ANONYMOUS, NOTHING_KNOWN, type OwnerRef } from '@leakproof/core';
import { createCut } from '../create-cut.ts';
import type { CutPlan } from '../cut-options.ts';
import { cutOutcome, sealOutcome, split } from '../testing/drive.ts';
import { wasmReader } from './wasm-reader.ts';

const encoder = new TextEncoder();

/** How many elements the inner pass read while something ran. */
function readBy(run: () => void): number {
  const pass = wasmReader();
  if (!pass) throw new Error('There is no inner pass here.');
  const read = vi.spyOn(pass, 'read');
  try {
    run();
    return read.mock.results.filter(({ value }) => value !== 0).length;
  } finally {
    read.mockRestore();
  }
}

/** A list of one world's body several times, in the dress that serialisers mostly give it. */
function listOf(
  { expected, text: body }: World,
  count: number,
): { plan: Pick<CutPlan, 'expected'>; element: string; text: string } {
  const element = JSON.stringify(JSON.parse(body));
  const text = `[${Array.from({ length: count }, () => element).join(',')}]`;
  return { plan: { expected: { ...expected, shape: { type: 'list', of: expected.shape } } }, element, text };
}

/** The same as a map: what has an id stands under it, but for the last, if that `contradicts`; each in a list, if `listed`. */
function mapOf(
  { expected, text }: World,
  count: number,
  { contradicts, listed }: { readonly contradicts: boolean; readonly listed: boolean },
): { plan: Pick<CutPlan, 'expected'>; text: string } {
  const { shape } = expected;
  const entries = Array.from({ length: count }, (_, index) => {
    const element = JSON.parse(text) as unknown;
    const key = `${index + 1}`;
    const isObject = typeof element === 'object' && element !== null && 'id' in element;
    if (isObject && !(contradicts && index === count - 1)) element.id = index % 2 === 0 ? key : index + 1;
    return [key, listed ? [element, element] : element] as const;
  });
  const of = listed ? ({ type: 'list', of: shape } as const) : shape;
  return {
    plan: { expected: { ...expected, shape: { type: 'map', of, key: 'id' } } },
    text: JSON.stringify(Object.fromEntries(entries)),
  };
}

interface Place {
  readonly where: string;
  /** The inner pass reads them there; else nothing it could read comes to it. */
  readonly isForeseen: boolean;
  readonly bodyOf: (world: World, contradicts: boolean) => { plan: Pick<CutPlan, 'expected'>; text: string };
}

const PLACES: readonly Place[] = [
  { where: 'in a list', isForeseen: true, bodyOf: (world) => listOf(world, 5) },
  {
    where: 'under the keys of a map',
    isForeseen: true,
    bodyOf: (world, contradicts) => mapOf(world, 5, { contradicts, listed: false }),
  },
  {
    where: 'in lists under the keys of a map',
    isForeseen: false,
    bodyOf: (world, contradicts) => mapOf(world, 5, { contradicts, listed: true }),
  },
];

describe('elements that are like the ones before them', () => {
  const cases = PLACES.flatMap((place) => (['enforce', 'monitor'] as const).map((mode) => ({ ...place, mode })));
  test.each(cases)('are cut $where in $mode as the reference cuts them, however they are split', (place) => {
    const { mode, isForeseen, bodyOf } = place;
    const read = readBy(() =>
      fc.assert(
        fc.property(
          arbitraryWorld(),
          fc.boolean(),
          fc.array(fc.nat(20_000), { maxLength: 3 }),
          (world, contradicts, at) => {
            const { contract, principal, known } = world;
            const { plan: placed, text: given } = bodyOf(world, contradicts);
            const plan = { ...placed, principal, mode };
            const body = encoder.encode(given);
            const { type, text, facts } = cutOutcome(contract, plan, known, split(body, at));
            expect({ type, text, facts }).toEqual(sealOutcome(contract, plan, known, body));
          },
        ),
        { numRuns: 400 },
      ),
    );
    expect(read > 50).toBe(isForeseen);
  });

  test('ask a budget for the same objects in the same order', () =>
    fc.assert(
      fc.property(arbitraryWorld(), fc.infiniteStream(fc.boolean()), (world, answers) => {
        const { contract, principal, known } = world;
        const { text: list, plan: place } = listOf(world, 4);
        const plan = { ...place, principal, mode: 'enforce' } as const;
        const body = encoder.encode(list);
        const given = [...answers.take(200)];
        const asked: [string[], string[]] = [[], []];
        const admits = (which: 0 | 1, owners: readonly OwnerRef[], resource: string): boolean => {
          if (owners.length === 0) return true;
          const ids = owners.map((each) => each.id).join();
          asked[which].push(`${resource} ${ids}`);
          return given[asked[which].length % given.length] ?? false;
        };
        const { type, text, facts } = cutOutcome(contract, plan, known, [body], {
          known,
          final: true,
          admits: (owners, resource) => admits(0, owners, resource),
        });
        const reference = sealOutcome(contract, plan, known, body, ({ owners, resource }) => {
          const refs = owners.map((each) => each.owner);
          return admits(1, refs, resource);
        });
        expect({ type, text, facts }).toEqual(reference);
        expect(asked[0]).toEqual(asked[1]);
      }),
      { numRuns: 300 },
    ));

  test(
    'are refused where the reference refuses them, whatever is done to their bytes',
    () => {
      const bytes = [0x00, 0x09, 0x1f, 0x20, 0x22, 0x2c, 0x2d, 0x2e, 0x30, 0x31, 0x3a, 0x5b, 0x5c, 0x5d, 0x65, 0x6e];
      const more = [0x74, 0x75, 0x7b, 0x7d, 0x7f, 0x80, 0xbf, 0xc1, 0xc3, 0xe0, 0xe5, 0xed, 0xf0, 0xf4, 0xf5, 0xff];
      const change = fc.record({
        at: fc.nat(5_000),
        drop: fc.nat(2),
        added: fc.array(fc.constantFrom(...bytes, ...more), { maxLength: 3 }),
      });
      const read = readBy(() =>
        fc.assert(
          fc.property(arbitraryWorld(), fc.array(change, { minLength: 1, maxLength: 2 }), (world, changes) => {
            const { contract, principal, known } = world;
            const { text: list, element, plan: place } = listOf(world, 4);
            const plan = { ...place, principal, mode: 'enforce' } as const;
            // Where the last one stands: the others teach the pass what to foresee.
            const last = list.length - element.length - 1;
            let body = encoder.encode(list);
            for (const { at, drop, added } of changes) {
              const from = Math.min(last + (at % (element.length + 1)), body.length);
              body = Uint8Array.from([...body.subarray(0, from), ...added, ...body.subarray(from + drop)]);
            }
            const { type, text, facts } = cutOutcome(contract, plan, known, [body]);
            const reference = sealOutcome(contract, plan, known, body);
            if (reference.type === 'unreadable') expect(type).toBe('unreadable');
            else expect({ type, text, facts }).toEqual(reference);
          }),
          fuzzing(),
        ),
      );
      expect(read).toBeGreaterThan(20);
    },
    FUZZ_TIMEOUT_MS,
  );
});

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

/** What is left of a list, and how many of its elements the inner pass read. */
function cut(elements: readonly string[], chunkBytes = 65_536): { text: string; read: number } {
  let text = '';
  const body = Buffer.from(`[${elements.join(',')}]`);
  const read = readBy(() => {
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

describe('the inner pass', () => {
  const user = (id: number, more: unknown = null): string =>
    JSON.stringify({ id, name: 'ä🚲', more, friends: [{ id: id + 1 }] });

  test('reads every element whose form has been seen before, whatever nests in it', () => {
    const list = Array.from({ length: 50 }, (_, index) => user(index, { a: [1, { b: 'x' }], c: {} }));
    cut(list);
    const { read, text } = cut(list);
    expect(text).toBe(`[${list.join(',')}]`);
    expect(read).toBe(50);
  });

  test('tells by what stands in it which of several an element is, and judges it as that', () => {
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
    const expected = sealOutcome(mixed, plan, NOTHING_KNOWN, body);
    const outcome = (): unknown => {
      const { type, text, facts } = cutOutcome(mixed, plan, NOTHING_KNOWN, [body]);
      return { type, text, facts };
    };
    expect(outcome()).toEqual(expected);
    const read = readBy(() => expect(outcome()).toEqual(expected));
    expect(read).toBeGreaterThanOrEqual(6);
    expect(expected.text).toContain('{"kind":"walk","id":2}');
  });

  test('takes a document of many elements for what it is, however small each of them has to be', () => {
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
      const left = steps.flatMap((step) => (step.type === 'release' ? step.chunks : []));
      expect(Buffer.concat(left).toString()).toBe(text);
    }
  });

  test('reads elements that have their members in another order, or fewer of them', () => {
    const list = ['{"id":1,"name":"a"}', '{"name":"a","id":1}', '{"id":1}', '{}'];
    cut(list);
    const { read } = cut(list);
    expect(read).toBe(4);
  });

  test('takes a chunk that is larger than its memory part by part', () => {
    const list = Array.from({ length: 3_000 }, (_, index) => user(index, 'x'.repeat(100)));
    cut(list);
    const { read, text } = cut(list, 1_000_000);
    expect(text).toBe(`[${list.join(',')}]`);
    expect(read).toBe(3_000);
  });

  test('leaves what is larger than its tables to the pass around it', () => {
    const many = `{"id":1,"friends":[${Array.from({ length: 9_000 }, () => '{"id":2}').join(',')}]}`;
    const few = '{"id":1,"friends":[{"id":2}]}';
    cut([few]);
    const { read, text } = cut([few, few, many], 1_000_000);
    expect(text === `[${few},${few},${many}]`).toBe(true);
    expect(read).toBe(2);
  });

  test('goes on when its memory for forms of objects is full', () => {
    const bodies = Array.from({ length: 12 }, (_, body) =>
      Array.from({ length: 2_500 }, (__, index) => `{"id":1,"more":{"${'k'.repeat(40)}${body}-${index}":1}}`),
    );
    for (const list of bodies) expect(cut(list).text).toBe(`[${list.join(',')}]`);
    const list = Array.from({ length: 10 }, () => '{"id":1,"name":"a"}');
    cut(list);
    expect(cut(list).read).toBe(10);
  });

  test('reads what the reference reads, whichever byte is put, or put in, wherever in the last element', () => {
    const element = '{"id":"7","name":"ä\\u00e9\\n🚲","more":{"a":[1,-2.5e+3,{"b":null}]},"friends":[ {"id":8} ]}';
    const before = encoder.encode(`[${element},${element},`);
    const bytes = encoder.encode(element);
    cut([element, element]);
    const read = readBy(() => {
      for (let at = 0; at <= bytes.length; at++) {
        for (let byte = 0; byte < 256; byte++) {
          for (const rest of [at, at + 1]) {
            const body = Uint8Array.from([...before, ...bytes.subarray(0, at), byte, ...bytes.subarray(rest), 0x5d]);
            const { type, text } = cutOutcome(CONTRACT, PLAN, NOTHING_KNOWN, [body]);
            const reference = sealOutcome(CONTRACT, PLAN, NOTHING_KNOWN, body);
            if (type !== reference.type || text !== reference.text)
              throw new Error(`${type}, not ${reference.type}: byte ${byte} at ${at} of ${element}`);
          }
        }
      }
    });
    expect(read).toBeGreaterThan(10_000);
  });

  test('does not read beyond a chunk that ends within a token', () => {
    const list = Array.from({ length: 20 }, (_, index) => user(index));
    cut(list);
    for (let bytes = 1; bytes < 80; bytes++) expect(cut(list, bytes).text).toBe(`[${list.join(',')}]`);
  });

  test('keeps what one body left apart from the next, while both are under way', () => {
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

  test('may be missing where nothing may be compiled: then bodies are cut all the same', async () => {
    const text = `[${Array.from({ length: 20 }, (_, index) => user(index)).join(',')}]`;
    vi.resetModules();
    vi.stubGlobal('WebAssembly', undefined);
    try {
      const { createCut: createPlainCut } = await import('../create-cut.ts');
      const { wasmReader: noPass } = await import('./wasm-reader.ts');
      expect(noPass()).toBeUndefined();
      const running = createPlainCut(CONTRACT, PLAN);
      const steps = [running.push(encoder.encode(text)), running.end()];
      const left = steps.flatMap((step) => (step.type === 'release' ? step.chunks : []));
      expect(Buffer.concat(left).toString()).toBe(text);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
