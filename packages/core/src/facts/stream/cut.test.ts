import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryWorld } from '../../testing/arbitrary-world.test-kit.ts';
import { cutOutcome, sealOutcome, split } from './drive.test-kit.ts';

const encoder = new TextEncoder();
const numRuns = 3_000;
const places = (): fc.Arbitrary<number[]> => fc.array(fc.nat(20_000), { maxLength: 12 });

test('the cut equals the reference on every body, however it is split and whatever has to be asked', () => {
  fc.assert(
    fc.property(arbitraryWorld(), places(), fc.integer({ min: 1, max: 5 }), (world, at, windowElements) => {
      const { contract, expected, principal, known, text } = world;
      const plan = { expected, principal, mode: 'enforce' } as const;
      const body = encoder.encode(text);
      const { is, text: left, facts } = cutOutcome(contract, plan, known, split(body, at), { windowElements });
      expect({ is, text: left, facts }).toEqual(sealOutcome(contract, plan, known, body));
    }),
    { numRuns },
  );
});
