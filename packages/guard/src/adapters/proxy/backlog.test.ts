import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Backlog } from './backlog.ts';
import { Turns } from './turns.ts';

const LIMITS = { maxBacklogBytes: 10_000, maxBacklogBodies: 3, maxBodyBytes: 6_000 };
const chunk = (bytes: number): Uint8Array => new Uint8Array(bytes);

describe('a copy of a response', () => {
  test('gives what was added, and then its end', async () => {
    const backlog = new Backlog(LIMITS);
    const copy = backlog.copy();
    const waiting = copy.next();
    copy.add(chunk(10));
    expect(await waiting).toEqual({ chunks: [chunk(10)], isLast: false });
    copy.add(chunk(20));
    copy.end('whole');
    expect(await copy.next()).toEqual({ chunks: [chunk(20)], isLast: true });
    expect([backlog.bytes, backlog.bodies]).toEqual([0, 0]);
  });

  test('beyond the bytes of one response gives what waits, and then why it ends', async () => {
    const backlog = new Backlog(LIMITS);
    const copy = backlog.copy();
    for (let count = 0; count < 3; count++) copy.add(chunk(2_500));
    copy.end('whole');
    expect(await copy.next()).toEqual({ chunks: [chunk(2_500), chunk(2_500)], isLast: false });
    expect(await copy.next()).toEqual({ failed: 'LP-BACKLOG-FULL' });
    expect([backlog.bytes, backlog.bodies]).toEqual([0, 0]);
  });

  test('of no bytes is empty, and takes no room', async () => {
    const backlog = new Backlog({ ...LIMITS, maxBacklogBodies: 0 });
    const copy = backlog.copy();
    copy.end('whole');
    expect(await copy.isEmpty()).toBe(true);
    expect(await copy.next()).toEqual({ chunks: [], isLast: true });
  });

  test('that is stopped takes nothing more', () => {
    const backlog = new Backlog(LIMITS);
    const copy = backlog.copy();
    copy.add(chunk(10));
    copy.stop();
    copy.add(chunk(10));
    expect([backlog.bytes, backlog.bodies]).toEqual([0, 0]);
  });
});

test('whatever is added, read, ended and stopped, the bounds are kept, and all room is given back', async () => {
  const steps = fc.array(
    fc.tuple(fc.nat(4), fc.constantFrom('add', 'add', 'add', 'read', 'end', 'cut', 'stop'), fc.nat(4_000)),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const backlog = new Backlog(LIMITS);
      const copies = Array.from({ length: 5 }, () => backlog.copy());
      for (const [index, what, bytes] of list) {
        const copy = copies[index];
        if (what === 'add') copy?.add(chunk(bytes));
        else if (what === 'end') copy?.end('whole');
        else if (what === 'cut') copy?.end('LP-ORIGIN-CUT-OFF');
        else if (what === 'stop') copy?.stop();
        else void copy?.next();
        expect(backlog.bytes).toBeLessThanOrEqual(LIMITS.maxBacklogBytes);
        expect(backlog.bodies).toBeLessThanOrEqual(LIMITS.maxBacklogBodies);
      }
      for (const copy of copies) copy.stop();
      await backlog.turns.next();
      expect([backlog.bytes, backlog.bodies]).toEqual([0, 0]);
    }),
    { numRuns: 200 },
  );
});

test('turns are taken in order, and the event loop goes on between them', async () => {
  const turns = new Turns();
  const order: number[] = [];
  let immediates = 0;
  const count = (): void => {
    immediates++;
    if (order.length < 20) setImmediate(count);
  };
  setImmediate(count);
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      await turns.next();
      order.push(index);
      const until = performance.now() + 1;
      while (performance.now() < until);
    }),
  );
  expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(immediates).toBeGreaterThan(5);
});
