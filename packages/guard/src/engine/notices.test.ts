import { describe, expect, test } from 'vitest';
import { as, stage } from '../testing/play.ts';
import { incoming, json, runRequest } from '../testing/run-request.ts';
import { SMALL_CONTRACT } from '../testing/small-contract.ts';
import type { Notice } from './notices.ts';

function guarded(options: NonNullable<Parameters<typeof stage>[0]> = {}) {
  const notices: Notice[] = [];
  const { guard } = stage({ ...options, onNotice: (notice) => notices.push(notice) });
  return { notices, guard };
}

describe('an operator reads', () => {
  test('the first refusal of each code with its remedy, and each unknown host, once', () => {
    const { guard, notices } = guarded();
    for (let at = 0; at < 3; at++) {
      runRequest(guard, incoming('GET /users/7', { authority: 'localhost:6001' }));
      runRequest(guard, incoming('GET /nowhere'));
      runRequest(guard, incoming('GET /users'));
    }
    expect(notices.map(({ about, text }) => `${about}: ${text.split(':', 1)[0] ?? ''}`)).toEqual([
      'host: Host localhost',
      'refused: LP-HOST-UNKNOWN',
      'refused: LP-OPERATION-UNDECLARED',
      expect.stringMatching(/^refused: LP-/),
    ]);
    expect(notices[0]?.text).toBe('Host localhost:6001 is no server of the contract.');
  });

  test('each request header that is dropped, once; values and names that could be values are not shown', () => {
    const { guard, notices } = guarded();
    const headers = [
      ['x-api-key', 'secret'],
      ['x-user-0123456789', '1'],
      ['pia@secret.example', '1'],
    ] as const;
    for (let at = 0; at < 2; at++) runRequest(guard, incoming('GET /rides', { headers }));
    expect(notices.map(({ about }) => about)).toEqual(['header-dropped', 'header-dropped', 'header-dropped']);
    expect(notices[0]?.text).toContain('The request header x-api-key is not sent to the origin.');
    expect(JSON.stringify(notices)).not.toMatch(/secret|0123456789/);
  });

  test('nothing of a header that the contract declares', () => {
    const { guard, notices } = guarded({ contract: `${SMALL_CONTRACT}headers: [X-Api-Key]\n` });
    const { sent } = runRequest(guard, incoming('GET /rides', { headers: [['x-api-key', 'k']] }));
    expect(sent[0]?.headers).toContainEqual(['x-api-key', 'k']);
    expect(notices).toEqual([]);
  });

  test('in monitor what enforce would drop or refuse, while all headers are passed', () => {
    const { guard, notices } = guarded({ mode: 'monitor' });
    const headers = [
      ['x-api-key', 'k'],
      ['x-original-url', '/users/8'],
      ['if-none-match', '"a"'],
    ] as const;
    const { sent } = runRequest(guard, incoming('GET /rides', { headers }));
    expect(sent[0]?.headers.slice(1)).toEqual(headers);
    expect(notices.map(({ about, text }) => `${about} ${/would [a-z ]+/.exec(text)?.[0] ?? ''}`)).toEqual([
      'header-dropped would not be sent to the origin in enforce',
      'header-refused would be refused in enforce',
    ]);
  });

  test('a bounded number of lines, whatever is sent', () => {
    const { guard, notices } = guarded();
    for (let at = 0; at < 1_000; at++) {
      const name = `x-${String.fromCharCode(97 + (at % 26))}${String.fromCharCode(97 + (Math.floor(at / 26) % 26))}`;
      runRequest(guard, incoming('GET /rides', { headers: [[name, '1']] }));
      runRequest(guard, incoming('GET /rides', { authority: `h${at}.example` }));
    }
    expect(notices.length).toBeLessThan(140);
  });
});

test('absent and foreign are one answer: 403, 404, 410, 204 and null of the origin', () => {
  const { guard } = guarded();
  const answers = [
    json(403, '{}'),
    json(404, ''),
    json(410, ''),
    json(204, ''),
    json(200, 'null'),
    json(200, '{"id":"1","author":"7"}'),
  ].map((response) => {
    const { status, released } = runRequest(guard, incoming('GET /notes/1'), {
      principal: as('9'),
      origin: () => response,
    });
    return `${status} ${released}`;
  });
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toContain('404');
});
