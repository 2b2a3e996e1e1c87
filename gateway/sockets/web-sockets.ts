import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { isTurnOver, nextTurn } from '#platform/process/tasks/turns.ts';
import { CLOSE_TIMEOUT_MS } from './hang-up.ts';

/**
 * The WebSockets of engine.io, by its option `wsEngine`. A connection that is closed ends within `CLOSE_TIMEOUT_MS`, whether its client
 * answers or not; `ws` itself waits 30 s, and holds the network socket for that time.
 */
export class BoundedWebSockets extends WebSocketServer {
  constructor(options: ServerOptions) {
    const bounded = { ...options, closeTimeout: CLOSE_TIMEOUT_MS };
    super(bounded);
  }

  override handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    callback: (client: WebSocket, request: IncomingMessage) => void,
  ): void {
    super.handleUpgrade(request, socket, head, (client, upgraded) => {
      client.on('message', readInTurns);
      callback(client, upgraded);
    });
  }
}

/**
 * Reads on in the next turn of the event loop where this one is over: megabytes of messages that lie ready in one socket
 * would otherwise be read in one go. Polling needs none of it: it reads a bounded body at a time.
 */
function readInTurns(this: WebSocket): void {
  if (this.isPaused || !isTurnOver()) return;
  this.pause();
  void nextTurn().then(() => this.resume());
}
