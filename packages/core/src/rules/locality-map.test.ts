import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LocalityMap } from './locality-map.ts';

const key = fc.constantFrom('', 'a', 'b', 'c', 'd', '__proto__');
const step = fc.oneof(
  fc.record({ type: fc.constant('set'), key, value: fc.integer() }),
  fc.record({ type: fc.constant('get'), key }),
);

test('a map with a trail is a map, whatever the order in which it is asked', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const map = new LocalityMap<number>();
      const model = new Map<string, number>();
      for (const each of steps) {
        if (each.type === 'set') {
          map.set(each.key, each.value);
          model.set(each.key, each.value);
        } else expect(map.get(each.key)).toBe(model.get(each.key));
        expect(map.size).toBe(model.size);
      }
    }),
  );
});
