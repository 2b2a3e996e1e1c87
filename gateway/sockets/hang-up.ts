import type { Socket } from 'socket.io';

/** ms in which a client takes what was said last, and hangs up itself. */
export const GRACE = 2_000;

/** Closes a connection when all that was written is out, and soon in any case. What it still says is not heard. */
export function hangUp(connection: Socket['conn']): void {
  if (connection.readyState !== 'open') return;
  connection.close();
  const timer = setTimeout(() => connection.close(true), GRACE).unref();
  connection.once('close', () => clearTimeout(timer));
}
