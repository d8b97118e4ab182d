import { expect, test } from 'vitest';
import { authorityOf } from './incoming-request.ts';

const AUTHORITIES = new Set(['api.test', 'local.test:3000', 'two.test:1', 'two.test:2', '[::1]:3000']);

test.each([
  ['api.test', 'api.test'],
  ['API.test', 'api.test'],
  ['api.test:8080', 'api.test'],
  ['api.test:80', 'api.test'],
  ['api.test:9', 'api.test:9'],
  ['api.test.evil.example:8080', 'api.test.evil.example'],
  ['local.test:3000', 'local.test:3000'],
  ['local.test:8080', 'local.test:3000'],
  ['local.test', 'local.test:3000'],
  ['two.test:2', 'two.test:2'],
  ['two.test:8080', 'two.test'],
  ['[::1]:8080', '[::1]:3000'],
  ['', ''],
])('a guard at port 8080 reads the host "%s" as the authority "%s"', (host, authority) => {
  expect(authorityOf(host, 8080, AUTHORITIES)).toBe(authority);
});
