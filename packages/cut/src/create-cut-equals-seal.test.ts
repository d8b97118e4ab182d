import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryWorld } from '../../core/src/testing/arbitrary-world.ts';
import type { OwnerRef } from '@leakproof/core';
import { cutOutcome, sealOutcome, split } from './testing/outcomes.ts';

const encoder = new TextEncoder();
const indexes = (): fc.Arbitrary<number[]> => fc.array(fc.nat(20_000), { maxLength: 12 });
let worldsThatAsked = 0;
const windows = (): fc.Arbitrary<number> => fc.integer({ min: 1, max: 5 });

describe('for every contract, body, caller and way to split the body', () => {
  test.each(['enforce', 'monitor'] as const)('in %s the cut equals `seal`, in bytes and facts', (mode) =>
    fc.assert(
      fc.property(arbitraryWorld(), indexes(), windows(), (world, at, windowElements) => {
        const { contract, expected, principal, known, text } = world;
        const plan = { expected, principal, mode };
        const body = encoder.encode(text);
        const {
          type,
          text: released,
          facts,
        } = cutOutcome({ contract, plan, known }, split(body, at), { windowElements });
        expect({ type, text: released, facts }).toEqual(sealOutcome({ contract, plan, known }, body));
      }),
      { numRuns: 1_500 },
    ),
  );

  test('the cut equals `seal` if the body is pushed byte by byte', () =>
    fc.assert(
      fc.property(arbitraryWorld(), ({ contract, expected, principal, known, text }) => {
        const plan = { expected, principal, mode: 'enforce' } as const;
        const body = encoder.encode(text);
        const every = Array.from({ length: body.length }, (_, at) => body.slice(at, at + 1));
        const { type, text: released, facts } = cutOutcome({ contract, plan, known }, every);
        expect({ type, text: released, facts }).toEqual(sealOutcome({ contract, plan, known }, body));
      }),
      { numRuns: 300 },
    ));

  test('`admits` is called for the same objects in the same order as in `seal`', () =>
    fc.assert(
      fc.property(arbitraryWorld(), indexes(), ({ contract, expected, principal, known, text }, at) => {
        const plan = { expected, principal, mode: 'enforce' } as const;
        const body = encoder.encode(text);
        const asked: string[][] = [[], []];
        const admits = (log: string[] | undefined, owners: readonly OwnerRef[], resource: string): boolean => {
          if (owners.length === 0) return true;
          const ids = owners.map((each) => each.id).join();
          log?.push(`${resource} ${ids}`);
          return ids.length % 2 === 0;
        };
        const ours = cutOutcome({ contract, plan, known }, split(body, at), {
          known,
          final: true,
          admits: (owners, resource) => admits(asked[0], owners, resource),
        });
        const reference = sealOutcome({ contract, plan, known }, body, ({ owners, resource }) =>
          admits(
            asked[1],
            owners.map((each) => each.owner),
            resource,
          ),
        );
        expect({ type: ours.type, text: ours.text, facts: ours.facts }).toEqual(reference);
        expect(asked[0]).toEqual(asked[1]);
      }),
      { numRuns: 500 },
    ));

  test('admissions that are asked give the same as those that are answered at once', () =>
    fc.assert(
      fc.property(arbitraryWorld(), indexes(), windows(), fc.nat(7), (world, at, windowElements, choice) => {
        const { contract, expected, principal, known, text } = world;
        const plan = { expected, principal, mode: 'enforce' } as const;
        const every = 1 + (choice % 4);
        const parts = split(encoder.encode(text), at);
        const isAdmitted = (owners: readonly OwnerRef[]): boolean => owners.map(({ id }) => id).join().length % 2 === 0;
        const common = { windowElements, ...(choice < 4 ? { known, final: true } : {}) };
        const expectedOutcome = cutOutcome({ contract, plan, known }, parts, { ...common, admits: isAdmitted });
        const answerAdmission = isAdmitted;
        const { asks: rounds, ...outcome } = cutOutcome({ contract, plan, known, answerAdmission }, parts, {
          ...common,
          admits: (owners) => (owners.length % every === 0 ? isAdmitted(owners) : 'ask'),
        });
        expect({ ...outcome, asks: 0 }).toEqual({ ...expectedOutcome, asks: 0 });
        if (rounds > 0) worldsThatAsked++;
      }),
      { numRuns: 800 },
    ));

  test('admissions were asked in many of these worlds', () => expect(worldsThatAsked).toBeGreaterThan(100));
});
