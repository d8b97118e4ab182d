import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlotList, type Slotted } from './slot-list.ts';

test('a slot list has the items that were added and not removed', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(9)), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (given) => {
      const items = Array.from({ length: 10 }, (): Slotted => ({ slot: -1 }));
      const list = new SlotList<Slotted>();
      const expected = new Set<Slotted>();
      for (const [isAdded, index] of given) {
        const item = items[index];
        if (!item) continue;
        if (isAdded && !expected.has(item)) {
          list.add(item);
          expected.add(item);
        } else if (!isAdded) expect(list.remove(item)).toBe(expected.delete(item));
        expect(list.size).toBe(expected.size);
        expect(new Set(list.filter(() => true))).toEqual(expected);
      }
    }),
  );
});
