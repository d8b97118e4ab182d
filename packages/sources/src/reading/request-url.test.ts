import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutUrl, originForm } from './request-url.ts';

test.each([
  ['https://API.example.test:443/A?b=%2F#c', { scheme: 'https', authority: 'api.example.test', target: '/A?b=%2F' }],
  ['http://api.example.test:8080', { scheme: 'http', authority: 'api.example.test:8080', target: '/' }],
  ['http://api.example.test?x', { scheme: 'http', authority: 'api.example.test', target: '/?x' }],
  ['https://[2001:DB8::1]:8443/', { scheme: 'https', authority: '[2001:db8::1]:8443', target: '/' }],
  ['http://u:p@h/', { scheme: 'http', authority: 'h', target: '/', userinfo: 'u:p' }],
  ['HTTP://h:80/a b', { scheme: 'http', authority: 'h', target: '/a%20b' }],
  ['data:text/plain,x', 'url-not-http'],
  ['chrome-extension://x/', 'url-not-http'],
  ['ws://h/', 'url-not-http'],
  ['http://', 'url-invalid'],
  ['http://a b/', 'url-invalid'],
  ['http://h:99999/', 'url-invalid'],
  ['/path', 'url-invalid'],
  ['', 'url-invalid'],
])('%s is split without changing its parts', (url, expected) => {
  expect(cutUrl(url)).toEqual(expected);
});

test('a target is always valid in a request line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // oxlint-disable-next-line no-control-regex
      expect(originForm(text)).toMatch(/^\/[^\u0000-\u0020\u007f]*$/);
    }),
  );
});
