import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';

const PROXY = '10.0.0.2';
const request = (forwarded?: string): IncomingMessage =>
  ({
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { remoteAddress: PROXY },
  }) as unknown as IncomingMessage;

describe('the address of a client', () => {
  it.each([
    ['no proxy: the header is not believed', 0, '1.1.1.1', PROXY],
    ['one proxy: the last address', 1, '1.1.1.1', '1.1.1.1'],
    ['one proxy: what the client wrote before it is not believed', 1, '6.6.6.6, 1.1.1.1', '1.1.1.1'],
    ['two proxies: the last but one', 2, '6.6.6.6, 1.1.1.1, 10.0.0.9', '1.1.1.1'],
    ['IPv6', 1, '2001:db8::1', '2001:db8::1'],
    ['a port', 1, '203.0.113.7:50123', '203.0.113.7'],
    ['brackets', 1, '[2001:db8::7]', '2001:db8::7'],
    ['brackets and a port', 1, '[2001:db8::7]:443', '2001:db8::7'],
    ['quotes', 1, '"203.0.113.7"', '203.0.113.7'],
    ['quotes, brackets and a port', 2, '6.6.6.6, "[2001:db8::7]:443", 10.0.0.9:1', '2001:db8::7'],
    ['IPv4 in IPv6 notation', 1, '[::ffff:1.2.3.4]:80', '::ffff:1.2.3.4'],
    ['a zone', 1, '[fe80::1%eth0]:80', 'fe80::1%eth0'],
    ['IPv4 in brackets: the connection', 1, '[1.2.3.4]', PROXY],
    ['a port that is none: the connection', 1, '1.2.3.4:port', PROXY],
    ['half a quote: the connection', 1, '"1.2.3.4', PROXY],
    ['a name with a port: the connection', 1, 'proxy.example:80', PROXY],
    ['fewer addresses than proxies: the connection', 2, '1.1.1.1', PROXY],
    ['no header: the connection', 1, undefined, PROXY],
    ['no address where one should be: the connection', 1, '1.1.1.1, unknown', PROXY],
    ['an empty header: the connection', 1, '', PROXY],
  ])('%s', (_, proxies, forwarded, expected) => {
    expect(clientAddress(request(forwarded), proxies)).toBe(expected);
  });

  it('is "unknown" for a connection that is gone', () => {
    const gone = { headers: {}, socket: {} } as unknown as IncomingMessage;
    expect(clientAddress(gone, 0)).toBe('unknown');
  });
});
