import fc from 'fast-check';
import { isKnown } from '@leakproof/core';
import type { FullResponse } from '@leakproof/http';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../limits.ts';
import { incoming, json } from '../../testing/run-request.ts';
import { testIdentifier } from '../../testing/test-identifier.ts';
import { userinfoContract } from '../../testing/userinfo-contract.ts';

const CACHE_MS = 5_000;
const CONTRACT = userinfoContract();
const limits = { ...DEFAULT_LIMITS, maxTokens: 2, maxUnknownCredentials: 4, maxUnknownCredentialsPerNetwork: 3 };

const session = fc.nat(3);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('request'),
      session,
      network: fc.nat(2),
      post: fc.boolean(),
      atOnce: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('become'), session, person: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer'), which: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 999, 1_000, 4_999, 5_000) }) },
);

/** Who a session was from when on; person 0 is nobody. */
type History = { readonly fromMs: number; readonly person: number }[];

test('a caller is always one that the origin named for this very session within the time an answer holds', async () => {
  let named = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      let nowMs = 1_000_000;
      const histories = new Map<string, History>();
      const historyOf = (sid: string): History => {
        const history = histories.get(sid) ?? [{ fromMs: 0, person: 1 + (Number(sid) % 3) }];
        histories.set(sid, history);
        return history;
      };
      const waiting: { readonly answer: (response: FullResponse) => void; readonly sid: string }[] = [];
      const askedAt: number[] = [];
      const confirmed = new Set<string>();
      const identify = testIdentifier({
        contract: CONTRACT,
        limits,
        now: () => nowMs,
        askOrigin: ({ headers }) => {
          const sid = headers.find(([name]) => name === 'cookie')?.[1].slice(4) ?? '';
          if (!confirmed.has(sid)) askedAt.push(nowMs);
          return new Promise((resolve) => void waiting.push({ answer: resolve, sid }));
        },
      });
      const answer = (index: number): void => {
        const [next] = waiting.splice(index % waiting.length, 1);
        if (!next) return;
        const person = historyOf(next.sid).at(-1)?.person ?? 0;
        if (person > 0) confirmed.add(next.sid);
        next.answer(person === 0 ? json(401, '{}') : json(200, `{"data":{"username":"p${person}"}}`));
      };
      const results: Promise<void>[] = [];
      for (const each of steps) {
        if ('network' in each) {
          const sid = String(each.session);
          const sentMs = nowMs;
          const request = incoming(each.post ? 'POST /rides' : 'GET /rides', {
            headers: [['cookie', `sid=${sid}`]],
            peer: `10.0.0.${each.network}`,
          });
          const check = async (): Promise<void> => {
            const identified = await identify(request);
            if (!('principal' in identified) || !isKnown(identified.principal)) return;
            named++;
            const { id } = identified.principal;
            const history = historyOf(sid);
            const wasThen = history.some(
              ({ person }, index) =>
                `p${person}` === id && (history[index + 1]?.fromMs ?? Infinity) > sentMs - CACHE_MS,
            );
            expect([sid, id, wasThen]).toEqual([sid, id, true]);
          };
          results.push(check());
          if (each.atOnce && waiting.length > 0) answer(waiting.length - 1);
        } else if ('person' in each) historyOf(String(each.session)).push({ fromMs: nowMs, person: each.person });
        else if ('which' in each && waiting.length > 0) answer(each.which);
        else if ('ms' in each) nowMs += each.ms;
        await Promise.resolve();
        for (let turns = 0; turns < 6; turns++) await Promise.resolve();
      }
      while (waiting.length > 0) {
        answer(0);
        for (let turns = 0; turns < 12; turns++) await Promise.resolve();
      }
      await Promise.all(results);
      for (const at of askedAt)
        expect(askedAt.filter((other) => other >= at && other < at + 1_000).length).toBeLessThanOrEqual(4);
    }),
    { numRuns: 300 },
  );
  expect(named).toBeGreaterThan(300);
});
