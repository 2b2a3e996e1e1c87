import { isIPv4, isIPv6 } from 'node:net';

/** The kind of network that an address belongs to: what may be recorded of it without recording a person. */
export type Network = 'loopback' | 'private' | 'public';

/**
 * Returns the kind of an address by its name (`addressName`); null for a name that is not an address. Private are the ranges
 * of RFC 1918, 4193 and 6598, and link-local ones.
 */
export function networkOf(name: string): Network | null {
  if (isIPv4(name)) return networkOfV4(name);
  const bare = name.replace(/\/64$/, '');
  return isIPv6(bare) ? networkOfV6(bare) : null;
}

function networkOfV4(address: string): Network {
  const [a, b] = address.split('.').map(Number) as [number, number];
  if (a === 127) return 'loopback';
  const isPrivate =
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128);
  return isPrivate ? 'private' : 'public';
}

/** Of a network of 64 bits only `::1` is in use where the bits are all zero. */
function networkOfV6(network: string): Network {
  if (/^[0:]+$/.test(network)) return 'loopback';
  const first = Number.parseInt(network, 16);
  const isPrivate = (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80;
  return isPrivate ? 'private' : 'public';
}
