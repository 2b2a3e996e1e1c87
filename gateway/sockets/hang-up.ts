import type { Socket } from 'socket.io';

/** How long a client may take to read what was written last and to close the connection itself. */
export const CLOSE_TIMEOUT_MS = 2_000;

/** Closes a connection when all that was written is out, or after the timeout. What the client still sends is ignored. */
export function hangUp(connection: Socket['conn']): void {
  if (connection.readyState !== 'open') return;
  connection.close();
  const timer = setTimeout(() => connection.close(true), CLOSE_TIMEOUT_MS).unref();
  connection.once('close', () => clearTimeout(timer));
}
