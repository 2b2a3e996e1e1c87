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
