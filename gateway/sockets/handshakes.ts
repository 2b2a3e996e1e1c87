import type { IncomingMessage } from 'node:http';
import type { Server } from 'socket.io';

/** The header of a handshake's answer that names the session, for proxies: docs/PROTOCOL.md. */
export const SESSION_HEADER = 'millrace-sid';

/**
 * Adds headers to the responses to handshakes. Polling clients get the session that their next requests carry
 * as `sid`, so that a proxy can route them; pages that may connect may read the responses. Uses hooks that engine.io
 * documents, such as `generateId`. To be called when `io` is attached.
 */
export function markHandshakes({ engine }: Server): void {
  const ids = new WeakMap<IncomingMessage, string>();
  const generateId = engine.generateId.bind(engine);
  engine.generateId = async (request: IncomingMessage) => {
    const id = await generateId(request);
    ids.set(request, id);
    return id;
  };
  engine.on('initial_headers', (headers: Record<string, string>, request: IncomingMessage) => {
    // A WebSocket has no id yet, and needs none: it stays where it is.
    const id = ids.get(request);
    if (id !== undefined) headers[SESSION_HEADER] = id;
  });
  // Pages of forbidden origins were refused before; the others may read the responses to polling, too.
  engine.on('headers', (headers: Record<string, string>, { headers: { origin } }: IncomingMessage) => {
    if (origin === undefined) return;
    headers['access-control-allow-origin'] = origin;
    headers.vary = 'Origin';
  });
}
