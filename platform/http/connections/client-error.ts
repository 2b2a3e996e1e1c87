import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Fault } from '#contracts/errors.ts';
import { refusalOfBytes } from '../refusals/refusal-of-bytes.ts';
import { writeProblem } from '../refusals/write-problem.ts';
import type { Exchange } from './connections.ts';

/** ms that a client has to close its side after the last answer; closed at once, unread bytes of it would reset the connection. */
const LINGER = 2_000;

/**
 * Bytes that are no HTTP: there is no request to reply to, so the answer is written by hand, behind those that are due to
 * whole requests before it on the connection. Nothing on that connection is read after it. For `clientError`. `refused` is told
 * of it, with the request whose body was arriving, if there is one.
 */
export function createClientErrorHandler(
  exchangesOf: (socket: Socket) => ReadonlySet<Exchange>,
  refused: (fault: Fault, request: IncomingMessage | null) => void,
): (error: NodeJS.ErrnoException, socket: Socket) => void {
  const ended = new WeakSet<Socket>();
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    // Every further byte fails again.
    if (ended.has(socket)) return;
    ended.add(socket);
    const fault = refusalOfBytes(error);
    const open = exchangesOf(socket);
    const arriving = [...open].find(({ request }) => !request.complete);
    refused(fault, arriving?.request ?? null);
    void endWithProblem(fault, socket, open);
  };
}

/** Never rejects: a response that closes, in whatever way, ends the wait for it. */
async function endWithProblem(fault: Fault, socket: Socket, open: ReadonlySet<Exchange>): Promise<void> {
  // The garbage may be the body of the newest request: that one will not be answered by itself.
  const due = [...open].filter(({ request }) => request.complete);
  await Promise.all(due.map(({ response }) => once(response, 'close')));
  const [broken] = open;
  socket.end(broken?.response.headersSent === true ? '' : writeProblem(fault));
  const cut = setTimeout(() => socket.destroy(), LINGER).unref();
  socket.once('close', () => clearTimeout(cut));
}

/** Handles what Node would answer or end by itself, past every route: unknown expectations, and tunnels. */
export function answerEveryRequest(server: Server): void {
  // A server that does not know an expectation may answer as if there were none (RFC 9110, 10.1.1).
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
  server.on('connect', (_, socket: Socket) => {
    socket.end(
      writeProblem({ code: 'method_not_allowed', message: 'This is not a proxy: CONNECT is not supported.' }),
      () => socket.destroy(),
    );
  });
}
