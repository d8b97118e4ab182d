import { expect, test } from 'vitest';
import { networkOf, networksOf } from './network-of.ts';

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['2001:db8:1:2:3:4:5:6', networkOf('2001:db8:1:2::')],
  ['2001:0DB8:1:2::99', networkOf('2001:db8:1:2::')],
  ['fe80::1%eth0', networkOf('fe80::2')],
  ['::1', networkOf('::')],
  ['64:ff9b::10.0.0.1', networkOf('64:ff9b::')],
  ['', ''],
  ['no address', 'no address'],
  ['1::2::3', '1::2::3'],
])('the address "%s" is of the network "%s"', (peer, network) => {
  expect(networkOf(peer)).toBe(network);
});

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:3::1', [false, true, true, true]],
  ['2001:db8:1:2::1', '2001:db8:2:2::1', [false, false, true, true]],
  ['2001:db8::1', '2001:db9::1', [false, false, false, true]],
  ['2001:db8::1', '2a00::1', [false, false, false, false]],
  ['10.1.2.3', '10.1.2.4', [false, true, true]],
  ['10.1.2.3', '10.1.3.3', [false, false, true]],
  ['10.1.2.3', '10.2.2.3', [false, false, false]],
])('%s and %s share the wider networks %j', (one, other, shared) => {
  const others = networksOf(other);
  expect(networksOf(one).map((network, level) => network === others[level])).toEqual(shared);
});
