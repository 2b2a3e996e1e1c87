import { type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import type { Server } from 'socket.io';
import { ERRORS, type Fault } from '#contracts/errors.ts';
import { SECURITY_HEADERS } from '#platform/http/security-headers.ts';
import { refusalOf } from './refusal-of.ts';

/**
 * Answers a request of a socket's connection with a refusal and its HTTP status. For a WebSocket there is no response
 * yet, so the answer is written to the network socket, which ends with it.
 */
export function refuseRequest({ socket }: IncomingMessage, response: object, fault: Fault): void {
  const { after, ...refusal } = refusalOf(fault);
  const { status } = ERRORS[fault.code];
  const body = JSON.stringify(refusal);
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    ...(refusal.retry ? { 'retry-after': String(Math.max(1, Math.ceil((after ?? 1_000) / 1_000))) } : {}),
  };
  if (response instanceof ServerResponse) {
    response.writeHead(status, headers).end(body);
    return;
  }
  const lines = Object.entries({ ...headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  // It may be reset before the answer is out, which is nobody's fault.
  socket.on('error', () => {});
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

/**
 * A WebSocket's handshake that engine.io finds fault with, such as a session that it does not know. It answers that with
 * a page of HTML unless the network socket has ended when it comes to it.
 */
export function refuseBrokenUpgrades({ engine }: Server): void {
  engine.on('connection_error', ({ req, message }: { req: EngineRequest; message: string }) => {
    if (req.res === undefined) refuseRequest(req, {}, { code: 'invalid_message', message });
  });
}

/** engine.io adds the response where there is one. */
interface EngineRequest extends IncomingMessage {
  res?: ServerResponse;
}
