import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryWorld, type World } from '../../../core/src/testing/arbitrary-world.ts';
import { contractFrom } from '../../../core/src/testing/contract-from.ts';
import { FUZZ_TIMEOUT_MS, fuzzing } from '../../../core/src/testing/fuzz.ts';
import { ANONYMOUS, NOTHING_KNOWN, type OwnerRef } from '@leakproof/core';
import type { CutPlan } from '../cut-options.ts';
import { countReads } from '../testing/count-reads.ts';
import { cutOutcome, sealOutcome, split } from '../testing/outcomes.ts';

const encoder = new TextEncoder();

/** A list that contains one world's body several times, written as most serialisers do. */
function listOf(
  { expected, text: body }: World,
  count: number,
): { plan: Pick<CutPlan, 'expected'>; element: string; text: string } {
  const element = JSON.stringify(JSON.parse(body));
  const text = `[${Array.from({ length: count }, () => element).join(',')}]`;
  return { plan: { expected: { ...expected, shape: { type: 'list', of: expected.shape } } }, element, text };
}

/** The same as a map by id: the last key differs from its object's id if `contradicts`; each value is in a list if `listed`. */
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

interface Container {
  readonly where: string;
  /** The WebAssembly reader is used there. */
  readonly isReadByWasm: boolean;
  readonly bodyOf: (world: World, contradicts: boolean) => { plan: Pick<CutPlan, 'expected'>; text: string };
}

const CONTAINERS: readonly Container[] = [
  { where: 'in a list', isReadByWasm: true, bodyOf: (world) => listOf(world, 5) },
  {
    where: 'under the keys of a map',
    isReadByWasm: true,
    bodyOf: (world, contradicts) => mapOf(world, 5, { contradicts, listed: false }),
  },
  {
    where: 'in lists under the keys of a map',
    isReadByWasm: false,
    bodyOf: (world, contradicts) => mapOf(world, 5, { contradicts, listed: true }),
  },
];

describe('elements with a known layout', () => {
  const cases = CONTAINERS.flatMap((each) => (['enforce', 'monitor'] as const).map((mode) => ({ ...each, mode })));
  test.each(cases)('$where are cut as `seal` cuts them in $mode, however the body is split', (container) => {
    const { mode, isReadByWasm, bodyOf } = container;
    const read = countReads(() =>
      fc.assert(
        fc.property(
          arbitraryWorld(),
          fc.boolean(),
          fc.array(fc.nat(20_000), { maxLength: 3 }),
          (world, contradicts, at) => {
            const { contract, principal, known } = world;
            const { plan: expected, text: given } = bodyOf(world, contradicts);
            const plan = { ...expected, principal, mode };
            const body = encoder.encode(given);
            const { type, text, facts } = cutOutcome({ contract, plan, known }, split(body, at));
            expect({ type, text, facts }).toEqual(sealOutcome({ contract, plan, known }, body));
          },
        ),
        { numRuns: 400 },
      ),
    );
    expect(read > 50).toBe(isReadByWasm);
  });

  test('lead to the same calls of `admits` as in `seal`, in the same order', () =>
    fc.assert(
      fc.property(arbitraryWorld(), fc.infiniteStream(fc.boolean()), (world, answers) => {
        const { contract, principal, known } = world;
        const { text: list, plan: expected } = listOf(world, 4);
        const plan = { ...expected, principal, mode: 'enforce' } as const;
        const body = encoder.encode(list);
        const given = [...answers.take(200)];
        const asked: [string[], string[]] = [[], []];
        const admits = (which: 0 | 1, owners: readonly OwnerRef[], resource: string): boolean => {
          if (owners.length === 0) return true;
          const ids = owners.map((each) => each.id).join();
          asked[which].push(`${resource} ${ids}`);
          return given[asked[which].length % given.length] ?? false;
        };
        const { type, text, facts } = cutOutcome({ contract, plan, known }, [body], {
          known,
          final: true,
          admits: (owners, resource) => admits(0, owners, resource),
        });
        const reference = sealOutcome({ contract, plan, known }, body, ({ owners, resource }) => {
          const refs = owners.map((each) => each.owner);
          return admits(1, refs, resource);
        });
        expect({ type, text, facts }).toEqual(reference);
        expect(asked[0]).toEqual(asked[1]);
      }),
      { numRuns: 300 },
    ));

  test(
    'are refused if they are changed so that `seal` refuses them',
    () => {
      const bytes = [0x00, 0x09, 0x1f, 0x20, 0x22, 0x2c, 0x2d, 0x2e, 0x30, 0x31, 0x3a, 0x5b, 0x5c, 0x5d, 0x65, 0x6e];
      const more = [0x74, 0x75, 0x7b, 0x7d, 0x7f, 0x80, 0xbf, 0xc1, 0xc3, 0xe0, 0xe5, 0xed, 0xf0, 0xf4, 0xf5, 0xff];
      const change = fc.record({
        at: fc.nat(5_000),
        drop: fc.nat(2),
        added: fc.array(fc.constantFrom(...bytes, ...more), { maxLength: 3 }),
      });
      const read = countReads(() =>
        fc.assert(
          fc.property(arbitraryWorld(), fc.array(change, { minLength: 1, maxLength: 2 }), (world, changes) => {
            const { contract, principal, known } = world;
            const { text: list, element, plan: expected } = listOf(world, 4);
            const plan = { ...expected, principal, mode: 'enforce' } as const;
            // Only the last one is changed: the others make the layout known.
            const last = list.length - element.length - 1;
            let body = encoder.encode(list);
            for (const { at, drop, added } of changes) {
              const from = Math.min(last + (at % (element.length + 1)), body.length);
              body = Uint8Array.from([...body.subarray(0, from), ...added, ...body.subarray(from + drop)]);
            }
            const { type, text, facts } = cutOutcome({ contract, plan, known }, [body]);
            const reference = sealOutcome({ contract, plan, known }, body);
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

test('an element is read as `seal` reads it, whichever byte is inserted or replaced at whichever index', () => {
  const element = '{"id":"7","name":"ä\\u00e9\\n🚲","more":{"a":[1,-2.5e+3,{"b":null}]},"friends":[ {"id":8} ]}';
  const before = encoder.encode(`[${element},${element},`);
  const bytes = encoder.encode(element);
  cutOutcome({ contract: CONTRACT, plan: PLAN, known: NOTHING_KNOWN }, [encoder.encode(`[${element},${element}]`)]);
  const read = countReads(() => {
    for (let at = 0; at <= bytes.length; at++) {
      for (let byte = 0; byte < 256; byte++) {
        for (const rest of [at, at + 1]) {
          const body = Uint8Array.from([...before, ...bytes.subarray(0, at), byte, ...bytes.subarray(rest), 0x5d]);
          const { type, text } = cutOutcome({ contract: CONTRACT, plan: PLAN, known: NOTHING_KNOWN }, [body]);
          const reference = sealOutcome({ contract: CONTRACT, plan: PLAN, known: NOTHING_KNOWN }, body);
          if (type !== reference.type || text !== reference.text)
            throw new Error(`${type}, not ${reference.type}: byte ${byte} at ${at} of ${element}`);
        }
      }
    }
  });
  expect(read).toBeGreaterThan(10_000);
});
