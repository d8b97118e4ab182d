import {
  type AccessFact,
  matchServer,
  decodeUtf8,
  groupFacts,
  matchOperation,
  readJson,
  seal,
  type TokenizedFacts,
  tokenizeFacts,
} from '@leakproof/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Command, Event } from './command.ts';
import { as, stage } from '../testing/play.ts';

const ALICE =
  '{"id":"7","username":"al\\u00ffce","is_private":true,"city":"Oslo","email":"a@x.example","password":"p"}';
const BOB = '{"id":"8","username":"b","is_private":false,"city":"Bergen","extra":[1,{"a":null}]}';
const NOBODY = '{"username":"n","city":"Nowhere"}';
const BODIES: readonly (readonly [target: string, body: string])[] = [
  ['/users/7', ALICE],
  ['/users/7', BOB],
  ['/users/7', NOBODY],
  ['/users/7', '[]'],
  ['/notes/1', '{"id":"1","author":"7","text":"secret"}'],
  ['/notes/1', '{"id":"1","author":"9","text":"mine"}'],
  ['/users', `{"data":[${ALICE},${BOB},${NOBODY},${ALICE}],"total":4,"next":"x"}`],
  ['/users', `{"total":1, "data" : [ ${BOB} , ${NOBODY}\n]}`],
  ['/users', '{"data":[]}'],
  ['/users', '{"data":"none"}'],
  ['/rides', '[ {"id":12345678901234567890,"name":"\\u00e9\\ud800"},\n\t{"name":-0,"id":1.10,"x":1} ]'],
  ['/rides', '{"error":"all rides of alice@x.example"}'],
];

/** Facts one by one, sorted: independent of how they were grouped and split. */
function linesOf(facts: readonly TokenizedFacts[]): string[] {
  const lines = facts.flatMap((group) => {
    const { owner, role, about, resource, relations, states, seen, exposed, withheld } = group;
    const rest = JSON.stringify([owner, role, about, resource, relations, states, seen, exposed, withheld]);
    return group.tokens.map((token) => `${token} ${rest}`);
  });
  return lines.sort();
}

/** What the reference makes of a whole body, without answers to lookups. */
function sealed(target: string, body: string): { status: number; text: string | undefined; facts: unknown } {
  const { contract, tokenize } = stage().guard.engine;
  const serverMatch = matchServer(contract, { method: 'GET', authority: 'api.test', target });
  if ('type' in serverMatch) throw new Error('The operation is not declared.');
  const operation = matchOperation(contract, serverMatch, 'GET')?.operation;
  if (!operation) throw new Error('The operation is not declared.');
  const result = seal(contract, readJson(body), {
    expected: { shape: operation.returns, space: serverMatch.server.space },
    principal: as('9'),
    mode: 'enforce',
    known: { get: () => 'unknown', owners: () => undefined },
    final: true,
  });
  const facts = (given: readonly AccessFact[]): unknown => linesOf(tokenizeFacts(groupFacts(given), tokenize));
  if (result.type === 'body') return { status: 200, text: result.text, facts: facts(result.facts) };
  if (result.type === 'gone') return { status: 404, text: undefined, facts: facts(result.facts) };
  return { status: 502, text: undefined, facts: [] };
}

/** What the guard sends for a body that arrives in parts. */
function streamed(target: string, parts: readonly Uint8Array[]): ReturnType<typeof sealed> & { isAborted: boolean } {
  const { guard } = stage({ limits: { maxWholeBytes: 0 } });
  const headers = [['host', 'api.test']] as const;
  const peer = { httpVersion: '1.1', peer: '127.0.0.1' } as const;
  const flow = guard.receive({ id: 'r', time: 0, method: 'GET', authority: 'api.test', target, headers, ...peer });
  const released: Uint8Array[] = [];
  const facts: TokenizedFacts[] = [];
  let status = 0;
  let at = 0;
  let isAborted = false;
  const execute = (command: Command): Event => {
    switch (command.do) {
      case 'read':
        return { of: 'read', body: new Uint8Array() };
      case 'identify':
        return { of: 'identify', principal: as('9') };
      case 'lookup':
        return { of: 'lookup', answers: command.calls.map(() => undefined) };
      case 'open':
        return { of: 'open', response: { status: 200, headers: [['content-type', 'application/json']] } };
      case 'pull': {
        const chunk = parts[at++];
        return { of: 'pull', chunks: chunk ? [chunk] : [], isLast: at >= parts.length };
      }
      case 'record':
        if (command.record.type === 'access') facts.push(...command.record.facts);
        return { of: 'record', refused: undefined };
      case 'release':
        status ||= command.head?.status ?? 0;
        released.push(...command.chunks);
        return { of: 'release', isGone: false };
      case 'respond':
        status = command.head.status;
        released.push(...command.chunks);
        return { of: 'respond', ended: 'complete' };
      case 'finish':
        return { of: 'finish', ended: 'complete' };
      case 'abort':
        isAborted = true;
        return { of: 'abort' };
      case 'fetch':
      case 'pass':
      case 'wait':
        throw new Error(`${command.do} is not expected.`);
    }
  };
  for (let next = flow.next(); !next.done;) next = flow.next(execute(next.value));
  const text = status === 200 ? decodeUtf8(Buffer.concat(released)) : undefined;
  return { status, text, facts: linesOf(facts), isAborted };
}

test.each(BODIES)('for %s %s in parts the guard releases what the reference releases of the whole', (target, body) => {
  const bytes = Buffer.from(body);
  const places = fc.array(fc.nat(bytes.length), { maxLength: 8 });
  fc.assert(
    fc.property(places, (given) => {
      const at = [0, ...given.sort((a, b) => a - b)];
      const parts = at.map((from, index) => bytes.subarray(from, at[index + 1] ?? bytes.length));
      expect(streamed(target, parts)).toEqual({ ...sealed(target, body), isAborted: false });
    }),
    { numRuns: 20 },
  );
});

test('of a list of 50,000 objects only a part is in memory at a time', () => {
  const ride = `{"id":1,"name":"${'x'.repeat(200)}"}`;
  const rides = Buffer.from(`[${Array.from({ length: 50_000 }, () => ride).join(',')}]`);
  const { guard } = stage();
  const headers = [['host', 'api.test']] as const;
  const peer = { httpVersion: '1.1', peer: '127.0.0.1' } as const;
  const request = { id: 'r', time: 0, method: 'GET', authority: 'api.test', target: '/rides', headers, ...peer };
  const flow = guard.receive(request);
  let read = 0;
  let releasedBytes = 0;
  let mostHeld = 0;
  const execute = (command: Command): Event => {
    mostHeld = Math.max(mostHeld, read - releasedBytes);
    switch (command.do) {
      case 'read':
        return { of: 'read', body: new Uint8Array() };
      case 'identify':
        return { of: 'identify', principal: as('9') };
      case 'open':
        return { of: 'open', response: { status: 200, headers: [['content-type', 'application/json']] } };
      case 'pull': {
        const chunk = rides.subarray(read, read + 65_536);
        read += chunk.length;
        return { of: 'pull', chunks: [chunk], isLast: read === rides.length };
      }
      case 'record':
        return { of: 'record', refused: undefined };
      case 'release':
        releasedBytes += command.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        return { of: 'release', isGone: false };
      case 'finish':
        return { of: 'finish', ended: 'complete' };
      default:
        throw new Error(`${command.do} is not expected.`);
    }
  };
  for (let next = flow.next(); !next.done;) next = flow.next(execute(next.value));
  expect(releasedBytes).toBe(rides.length);
  expect(mostHeld).toBeLessThan(200_000);
});
