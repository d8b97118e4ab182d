import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryWorld, type World } from '../testing/arbitrary-world.test-kit.ts';
import { readJson } from '../wire/json.ts';
import { seal, type Sealed, type SealRequest } from './seal.ts';

function sealed({ contract, expected, text, principal, known }: World, more: Partial<SealRequest> = {}): Sealed {
  return seal(contract, readJson(text), { expected, principal, known, mode: 'enforce', final: true, ...more });
}

describe('whatever the contract, the body and the caller,', () => {
  test('what leaves is strict JSON', () =>
    fc.assert(
      fc.property(arbitraryWorld(), (world) => {
        const result = sealed(world);
        if (result.is === 'body') expect(() => readJson(result.text)).not.toThrow();
      }),
    ));
});
