import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressName } from './address-name.ts';

describe('the name an address is counted under', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::ffff:a01:203', '10.1.2.3'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['2001:DB8:0:7::1', '2001:db8:0:7::/64'],
    ['2001:db8:0:7:ffff:ffff:ffff:ffff', '2001:db8:0:7::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['64:ff9b::10.1.2.3', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s is %s', (address, name) => {
    expect(addressName(address)).toBe(name);
  });

  it('is one for a whole network and another for the next one', () => {
    const word = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
    const four = fc.tuple(word, word, word, word);
    fc.assert(
      fc.property(four, four, four, (network, one, other) => {
        const near = addressName([...network, ...one].join(':'));
        expect(addressName([...network, ...other].join(':'))).toBe(near);
        fc.pre(network.slice(0, 3).some((part) => part !== '0'));
        const next = [...network.slice(0, 3), (Number.parseInt(network[3], 16) ^ 1).toString(16)];
        expect(addressName([...next, ...one].join(':'))).not.toBe(near);
      }),
    );
  });
});
