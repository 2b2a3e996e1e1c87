import { type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import type { Server } from 'socket.io';
import { ERRORS, type Fault } from '#contracts/errors.ts';
import type { Refusal } from '#contracts/view/protocol.ts';
import { SECURITY_HEADERS } from '#platform/http/security-headers.ts';

/** Returns a fault as clients receive it: with whether a retry can succeed. */
export const refusalOf = (fault: Fault): Refusal => ({ ...fault, retry: ERRORS[fault.code].retry });

/** A page of another origin that asks why it is refused may read the reason, and when to retry; nothing else. */
const ASKS_WHY = /[?&]why(=|&|$)/;
const READABLE = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };

/**
 * Answers a request of a socket's connection with a refusal and its HTTP status. For a WebSocket there is no response
 * yet, so the answer is written to the network socket, which ends with it.
 */
export function refuseRequest({ socket, url = '' }: IncomingMessage, response: object, fault: Fault): void {
  const { after, ...refusal } = refusalOf(fault);
  const { status } = ERRORS[fault.code];
  const body = JSON.stringify(refusal);
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    ...(ASKS_WHY.test(url) ? READABLE : {}),
    ...(refusal.retry ? { 'retry-after': String(Math.max(1, Math.ceil((after ?? 1_000) / 1_000))) } : {}),
  };
  if (response instanceof ServerResponse) {
    response.writeHead(status, headers).end(body);
    return;
  }
  const lines = Object.entries({ ...headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  // The client may reset the connection before the answer is out.
  socket.on('error', () => {});
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

/** Messages for the faults that engine.io finds, by its codes. */
const FAULTS: Readonly<Record<number, string>> = {
  0: 'transport: expected polling or websocket.',
  1: 'sid: there is no such session here. It has ended, or belongs to another gateway; start a new one without sid.',
  2: 'A session begins with GET.',
  3: 'This request does not fit the session: a WebSocket needs a complete handshake, and a session keeps its transport unless it is upgraded.',
  5: 'EIO: expected 4, the protocol of Socket.IO 3 and newer.',
};

/**
 * Answers requests that engine.io refuses, in place of its own codes and HTML pages. Does nothing where an answer was sent
 * already.
 */
export function refuseBrokenRequests({ engine }: Server): void {
  engine.on('connection_error', ({ req, code, message }: ConnectionError) => {
    if (req.res?.headersSent === true) return;
    refuseRequest(req, req.res ?? {}, { code: 'invalid_message', message: FAULTS[code] ?? message });
  });
}

interface ConnectionError {
  req: EngineRequest;
  code: number;
  message: string;
}

/** engine.io adds the response where there is one. */
interface EngineRequest extends IncomingMessage {
  res?: ServerResponse;
}
