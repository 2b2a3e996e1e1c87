import type { IncomingMessage } from 'node:http';

/** Where Socket.IO takes its requests. */
const PATH = '/socket.io/';

/**
 * Whether a request that offers another protocol is to get it: only a whole handshake of a WebSocket, where there are
 * sockets. Whatever else is offered, such as h2c, which many clients offer with every request, is left where it is, and
 * the request is answered over HTTP/1.1 (RFC 9110, 7.8).
 */
export const isSocketUpgrade = ({ method, url = '', headers, httpVersionMinor }: IncomingMessage): boolean =>
  method === 'GET' &&
  httpVersionMinor === 1 &&
  url.startsWith(PATH) &&
  headers.upgrade?.trim().toLowerCase() === 'websocket' &&
  headers['sec-websocket-key'] !== undefined &&
  headers['transfer-encoding'] === undefined &&
  (headers['content-length'] ?? '0') === '0';
