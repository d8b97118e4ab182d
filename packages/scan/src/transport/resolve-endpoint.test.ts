import { expect, test } from 'vitest';
import { resolveEndpoint, isLoopback } from './resolve-endpoint.ts';
import { readResolve } from './resolve-map.ts';

const endpoint = (authority: string, scheme: 'http' | 'https' = 'http') => ({ scheme, authority, path: '' });

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['128.0.0.1', false],
  ['0.0.0.0', false],
  ['::ffff:10.0.0.1', false],
  ['localhost', false],
])('%s is a loopback address: %s', (address, loopback) => expect(isLoopback(address)).toBe(loopback));

test.each([
  ['192.0.2.7', []],
  ['api.test', ['api.test:80:192.0.2.7']],
  ['[2001:db8::1]:8080', []],
])('%s is refused unless the tester is authorized', async (authority, resolve) => {
  const options = { resolve: readResolve(resolve), authorized: false };
  await expect(resolveEndpoint(endpoint(authority), options)).rejects.toMatchObject({ code: 'LP-TARGET-REFUSED' });
  await expect(resolveEndpoint(endpoint(authority), { ...options, authorized: true })).resolves.toMatchObject({
    authority,
  });
});

test.each([
  ['http://api.test', 'api.test:80:127.0.0.1', { address: '127.0.0.1', port: 80 }],
  ['https://api.test', 'API.test:443:127.0.0.1:8443', { address: '127.0.0.1', port: 8443 }],
  ['http://api.test:81', 'api.test:81:[::1]:82', { address: '::1', port: 82 }],
])('%s is connected to the address of --resolve %s', async (url, entry, address) => {
  const { protocol, host } = new URL(url);
  const options = { resolve: readResolve([entry]), authorized: false };
  const resolved = await resolveEndpoint(endpoint(host, protocol === 'https:' ? 'https' : 'http'), options);
  expect(resolved).toMatchObject(address);
});

test('a name without an address is unreachable', async () => {
  const options = { resolve: readResolve([]), authorized: false };
  await expect(resolveEndpoint(endpoint('nowhere.invalid'), options)).rejects.toMatchObject({
    code: 'LP-TARGET-UNREACHABLE',
  });
});

test.each(['api.test', 'api.test:80', 'api.test:80:not an address', ':80:127.0.0.1', 'a:80:127.0.0.1:x'])(
  '"%s" is refused as --resolve',
  (entry) => expect(() => readResolve([entry])).toThrow(expect.objectContaining({ code: 'LP-USAGE' }) as Error),
);
