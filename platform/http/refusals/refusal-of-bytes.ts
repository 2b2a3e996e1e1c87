import type { Fault } from '#contracts/errors.ts';

/** An error of the server's parser, with what it could not read. */
export interface ParserError extends NodeJS.ErrnoException {
  rawPacket?: Uint8Array;
  reason?: string;
}

/** Returns the refusal of bytes that are not a request, with a guess at what they are. */
export function refusalOfBytes({ code, rawPacket, reason }: ParserError): Fault {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const message =
      'The request did not arrive in time; MILLRACE_HEADER_TIME and MILLRACE_REQUEST_TIME say how long one may take.';
    return { code: 'request_timeout', message };
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    const message =
      'The head of the request is larger than MILLRACE_HEADER_BYTES. Often it is cookies: nothing here needs any, so send none, or have the proxy drop them.';
    return { code: 'head_too_large', message };
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return { code: 'body_too_large', message: 'The chunk extensions of the body are too large; send none.' };
  return {
    code: 'not_http',
    message: `The bytes received are not an HTTP request: ${guess(rawPacket, reason)}`,
  };
}

/** Names nothing of the bytes themselves: they may hold a key. */
function guess(bytes: Uint8Array = new Uint8Array(), reason = ''): string {
  const text = Buffer.from(bytes.subarray(0, 24)).toString('latin1');
  if (bytes[0] === 0x16 && bytes[1] === 3)
    return 'they begin a TLS connection, and this port speaks plain HTTP. Use http://, or a proxy that terminates TLS.';
  if (text.startsWith('PRI * HTTP/2'))
    return 'they begin HTTP/2, and this port speaks HTTP/1. A proxy in front may accept HTTP/2.';
  if (text.startsWith('PROXY ') || text.startsWith('\r\n\r\n\0\r\nQUIT'))
    return 'they begin with the PROXY protocol, which is not supported here; let the proxy send X-Forwarded-For.';
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'they are gzip without a request before it.';
  if (/^\s*[{[]/.test(text)) return 'they are JSON without a request before it; POST it to /v1/events.';
  return `${reason === '' ? 'they cannot be read' : reason}.`;
}
