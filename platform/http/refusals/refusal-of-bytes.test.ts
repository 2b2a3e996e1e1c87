import { expect, it } from 'vitest';
import { type ParserError, refusalOfBytes } from './refusal-of-bytes.ts';

const refusal = (code: string, bytes: string | Buffer = '', reason: { reason?: string } = {}) =>
  refusalOfBytes(
    Object.assign<Error, Partial<ParserError>>(new Error(code), {
      code,
      rawPacket: Buffer.from(bytes),
      ...reason,
    }),
  );

it.each<[string, string | Buffer, RegExp]>([
  ['TLS', Buffer.from('16030100a5', 'hex'), /TLS.*http:\/\//],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /HTTP\/2/],
  ['the PROXY protocol', 'PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n', /PROXY protocol/],
  ['gzip', Buffer.from('1f8b0800', 'hex'), /gzip/],
  ['JSON', ' {"event":"a"}', /JSON.*\/v1\/events/],
  ['nothing known', '\0\x01', /Invalid method encountered/],
])('says of %s what it is', (_, bytes, guess) => {
  const { code, message } = refusal('HPE_INVALID_METHOD', bytes, { reason: 'Invalid method encountered' });
  expect(code).toBe('not_http');
  expect(message).toMatch(guess);
});

it.each([
  ['HPE_HEADER_OVERFLOW', 'head_too_large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'body_too_large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request_timeout'],
  ['HPE_INVALID_CONTENT_LENGTH', 'not_http'],
])('%s is %s', (parser, code) => {
  expect(refusal(parser).code).toBe(code);
});

it('shows none of the bytes', () => {
  const { message } = refusal('HPE_INVALID_METHOD', '{"key":"mr_secret"}');
  expect(message).not.toContain('secret');
});
