import { expect, test } from 'vitest';
import { addressName } from './address-name.ts';
import { networkOf } from './network-of.ts';

test.each([
  ['127.0.0.1', 'loopback'],
  ['127.9.9.9', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['10.1.2.3', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['169.254.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['fd00::1', 'private'],
  ['fe80::1%eth0', 'private'],
  ['8.8.8.8', 'public'],
  ['172.15.0.1', 'public'],
  ['172.32.0.1', 'public'],
  ['192.169.0.1', 'public'],
  ['100.128.0.1', 'public'],
  ['100.63.0.1', 'public'],
  ['2001:db8::1', 'public'],
  ['::2:0:0:0:1', 'public'],
  ['unknown', null],
  ['', null],
])('%s is %s', (address, network) => {
  expect(networkOf(addressName(address))).toBe(network);
});
