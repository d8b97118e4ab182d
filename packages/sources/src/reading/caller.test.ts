import { expect, test } from 'vitest';
import { callerOf, createFingerprint } from './caller.ts';

const fingerprint = createFingerprint(Buffer.alloc(32));
const callerFrom = (...headers: [string, string][]) =>
  callerOf({ headers, target: '/', without: 'anonymous' }, fingerprint);

test.each([
  [[['authorization', 'Bearer abc']], 'credential', 'bearer'],
  [[['authorization', 'abc']], 'credential', 'token'],
  [[['cookie', 'a=1; connect.sid=2']], 'credential', 'cookie'],
  [[['cookie', '_ga=1; theme=dark']], 'unknown', undefined],
  [[['cookie', 'csrf_token=1']], 'unknown', undefined],
  [[['x-api-key', 'k']], 'credential', 'api-key'],
  [[['authorization', '']], 'anonymous', undefined],
  [[], 'anonymous', undefined],
] as [[string, string][], string, string | undefined][])('%j is %s %s', (headers, auth, scheme) => {
  expect(callerFrom(...headers)).toMatchObject(scheme === undefined ? { auth } : { auth, scheme });
});

test('a session is the same caller, whatever analytics cookies are sent', () => {
  const first = callerFrom(['cookie', 'sid=1; _ga=5']);
  expect(callerFrom(['cookie', 'theme=x; sid=1'])).toEqual(first);
  expect(callerFrom(['cookie', 'sid=2'])).not.toEqual(first);
});

test('a fingerprint depends on the key and does not contain the credential', () => {
  const { fingerprint: named } = callerFrom(['authorization', 'Bearer sesame']);
  expect(named).toMatch(/^[0-9a-f]{32}$/);
  expect(createFingerprint(Buffer.alloc(32, 1))('bearer', 'Bearer sesame')).not.toBe(named);
  expect(createFingerprint()('bearer', 'x')).toBe(createFingerprint()('bearer', 'x'));
});

test('a redacted credential is a credential without a fingerprint', () => {
  expect(callerFrom(['authorization', 'Bearer [REDACTED]'])).toEqual({ auth: 'credential', scheme: 'bearer' });
  expect(callerFrom(['cookie', 'sid=xxxx'])).toEqual({ auth: 'credential', scheme: 'cookie' });
});

test('a token in the query is a credential', () => {
  expect(callerOf({ headers: [], target: '/a?x=1&access_token=t', without: 'anonymous' }, fingerprint).scheme).toBe(
    'query',
  );
});
