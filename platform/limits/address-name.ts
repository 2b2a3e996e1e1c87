import { isIPv4, isIPv6 } from 'node:net';

/**
 * The name under which an address is counted. A client with one IPv6 address has the other 2^64 of its network as well, so
 * they count together; IPv4 in IPv6 notation is the IPv4 address. A text that is not an address stays as it is.
 */
export function addressName(address: string): string {
  const bare = address.split('%')[0]!;
  if (!isIPv6(bare)) return address;
  const embedded = bare.slice(bare.lastIndexOf(':') + 1);
  const words = wordsOf(isIPv4(embedded) ? withoutDots(bare, embedded) : bare);
  if (words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff) {
    return `${words[6]! >> 8}.${words[6]! & 255}.${words[7]! >> 8}.${words[7]! & 255}`;
  }
  return `${words
    .slice(0, 4)
    .map((word) => word.toString(16))
    .join(':')}::/64`;
}

const withoutDots = (address: string, dotted: string): string => {
  const [a, b, c, d] = dotted.split('.').map(Number) as [number, number, number, number];
  return `${address.slice(0, -dotted.length)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
};

/** The eight words of a valid IPv6 address; `::` stands for the zeros that are missing. */
function wordsOf(address: string): number[] {
  const [head, tail] = address.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const before = head ?? [];
  const after = tail ?? [];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((word) => Number.parseInt(word, 16));
}
