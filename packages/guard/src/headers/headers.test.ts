import { describe, expect, test } from 'vitest';
import { compileContract } from '../testing/small-contract.ts';
import { contentTypeToClient } from './content-type-to-client.ts';
import { namesMethodInBody } from './method-in-body.ts';
import { namesMethodInQuery } from './method-parameter.ts';
import { redirectLocation } from './redirect-location.ts';
import { repeatsCookie } from './repeats-cookie.ts';
import { headersToClient } from './to-client.ts';

const released = (name: string, value: string): string | undefined =>
  headersToClient([[name, value]], { origin: 'https://app.test' })[0]?.[1];

describe('a header of the origin', () => {
  test.each([
    ['content-language', 'en, de-CH'],
    ['content-language', 'zh-Hant-TW'],
    ['deprecation', '@1688169599'],
    ['sunset', 'Sun, 30 Jun 2024 23:59:59 GMT'],
    ['retry-after', '120'],
    ['access-control-allow-origin', 'https://app.test'],
    ['access-control-allow-credentials', 'true'],
    ['set-cookie', 'sid=abc; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=3600'],
    ['set-cookie', 'sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
  ])('%s: %s is released', (name, value) => expect(released(name, value)).toBe(value));

  test.each([
    ['content-language', 'weight-of-7-is-82kg'],
    ['content-language', 'en-x-weight82kg'],
    ['content-language', 'a, b, c, d, e'],
    ['deprecation', 'weight is 82 kg'],
    ['sunset', 'soon'],
    ['retry-after', 'a while'],
    ['access-control-allow-origin', 'https://pia.example'],
    ['access-control-allow-credentials', 'yes'],
    ['access-control-expose-headers', 'X-Weight-82kg'],
    ['set-cookie', 'no cookie'],
    ['etag', '"82kg"'],
    ['x-anything', '1'],
  ])('%s: %s is not', (name, value) => expect(released(name, value)).toBeUndefined());

  test('set-cookie loses attributes that browsers do not know', () => {
    expect(released('set-cookie', 'a=1; Weight=82kg; Path=/; Domain=api.test; Comment=82')).toBe(
      'a=1; Path=/; Domain=api.test',
    );
  });
});

test.each([
  ['application/json', [], 'application/json'],
  ['application/json; charset=UTF-8; weight=82kg', [], 'application/json; charset=utf-8'],
  ['application/vnd.weight-82kg+json', [], 'application/json'],
  [
    'application/vnd.weight-82kg+json',
    [['accept', 'text/html, application/vnd.weight-82kg+json;q=1']],
    'application/vnd.weight-82kg+json',
  ],
  ['application/hal+json;profile="82kg"', [], 'application/hal+json'],
] as const)('the content type %s for a request with %j is written as %s', (value, headers, expected) => {
  expect(contentTypeToClient(value, 'json', headers)).toBe(expected);
});

test.each(['/rides?page=2', '?page=2', '#a', 'rides', '../x', 'http://api.test/users/7'])(
  'the location %s is released',
  (to) => {
    expect(redirectLocation(compileContract(), { scheme: 'http', authority: 'api.test' }, to)).toBe(to);
  },
);
test.each([
  'http:evil/x',
  'https:evil',
  '//evil/x',
  '/\\evil',
  'javascript:x',
  'http://internal.test/',
  'http://a@api.test/',
  'data:,x',
  ' /a',
  'HTTP:/evil',
])('the location %s is not released', (to) => {
  expect(redirectLocation(compileContract(), { scheme: 'http', authority: 'api.test' }, to)).toBeUndefined();
});

test.each([
  [['a=1; b=2'], false],
  [['a=1; A=2'], false],
  [['a=1', 'b=1'], false],
  [['a=1;a=2'], true],
  [['a=1', 'a=1'], true],
  [['a=1; %61=2'], true],
  [['=a=1; a=2'], true],
  [['a=1;  a =2'], true],
])('the cookies %j repeat a name: %s', (values, expected) => {
  expect(repeatsCookie(values.map((value) => ['cookie', value] as const))).toBe(expected);
});

describe('a parameter that names the method', () => {
  test.each([
    '_method=DELETE',
    'a=1&_method=x',
    '%5Fmethod=x',
    '_METHOD',
    '_method[]=x',
    '$httpMethod=x',
    'x-http-method-override=x',
    'a=1;_method=x',
  ])('is found in the query %s', (query) => expect(namesMethodInQuery(`/a?${query}`)).toBe(true));
  test.each(['method=card', 'a=_method', 'methods=1', 'page=2'])('is not found in the query %s', (query) =>
    expect(namesMethodInQuery(`/a?${query}`)).toBe(false),
  );
  test.each([
    ['application/x-www-form-urlencoded', 'a=1&_method=DELETE', true],
    ['application/x-www-form-urlencoded', 'a=1', false],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="_method"\r\n\r\nDELETE\r\n--x--',
      true,
    ],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name=_method\r\n\r\nDELETE\r\n--x--',
      true,
    ],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n_method\r\n--x--',
      false,
    ],
    ['application/json', '{"_method":"DELETE"}', true],
    ['application/json', '{"\\u005fmethod":"DELETE"}', true],
    ['application/json', '{"a":{"method":"x"}}', false],
    ['text/plain', ' {"_method":"DELETE"}', true],
  ])('in a body of %s, %j: %s', (type, body, expected) => {
    expect(namesMethodInBody([['content-type', type]], Buffer.from(body))).toBe(expected);
  });
});
