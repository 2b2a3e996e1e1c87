import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { writeProblem } from '../refusals/write-problem.ts';

/** Of what Node would answer or end by itself, past every route: expectations that it does not know, and tunnels. */
export function answerEveryRequest(server: Server): void {
  // Whoever does not know an expectation may answer as if there were none (RFC 9110, 10.1.1).
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
