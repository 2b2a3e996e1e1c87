import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { writeProblem } from './write-problem.ts';

/** ms that a client has to close its side after the last answer; closed at once, unread bytes of it would reset the connection. */
const LINGER = 2_000;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

export interface GarbageAnswer {
  /** Notes which answers are due on each connection of a server. */
  watch(server: Server): void;
  /** For `clientError`. */
  answer(error: NodeJS.ErrnoException, socket: Socket): void;
}

/**
 * Bytes that are no HTTP: there is no request to reply to, so the answer is written by hand, behind those that are due to
 * whole requests before it on the connection. Nothing on that connection is read after it.
 */
export function createGarbageAnswer(): GarbageAnswer {
  const exchanges = new WeakMap<Socket, Set<Exchange>>();
  const ended = new WeakSet<Socket>();
  return {
    watch(server) {
      server.on('request', (request, response) => {
        const open = exchanges.get(request.socket) ?? new Set();
        exchanges.set(request.socket, open);
        const exchange = { request, response };
        open.add(exchange);
        response.once('close', () => open.delete(exchange));
      });
    },
    answer(error, socket) {
      if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy();
        return;
      }
      // Every further byte fails again.
      if (ended.has(socket)) return;
      ended.add(socket);
      void answerLast(error, socket, exchanges.get(socket) ?? new Set());
    },
  };
}

/** Never rejects: a response that closes, in whatever way, ends the wait for it. */
async function answerLast(
  error: NodeJS.ErrnoException,
  socket: Socket,
  open: ReadonlySet<Exchange>,
): Promise<void> {
  // The garbage may be the body of the newest request: that one will not be answered by itself.
  const due = [...open].filter(({ request }) => request.complete);
  await Promise.all(due.map(({ response }) => once(response, 'close')));
  const [broken] = open;
  socket.end(broken?.response.headersSent === true ? '' : textFor(error));
  const cut = setTimeout(() => socket.destroy(), LINGER).unref();
  socket.once('close', () => clearTimeout(cut));
}

function textFor({ code }: NodeJS.ErrnoException): string {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const message =
      'The request did not arrive in time; MILLRACE_HEADER_TIME and MILLRACE_REQUEST_TIME say how long one may take.';
    return writeProblem({ code: 'request_timeout', message });
  }
  const [status, message] =
    code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'The head of the request is larger than MILLRACE_HEADER_BYTES.']
      : [400, 'The bytes received are no HTTP request.'];
  return writeProblem({ code: 'invalid_parameter', message }, status);
}
