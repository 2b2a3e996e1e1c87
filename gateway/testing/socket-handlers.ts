import { ok } from '#contracts/errors.ts';
import { unbounded } from '#platform/access/caller.ts';
import type { SocketHandlers } from '../sockets/socket-server.ts';

/** Handlers that allow everything, except what the test replaces. */
export const openHandlers = (
  own: Pick<SocketHandlers, 'connected'> & Partial<SocketHandlers>,
): SocketHandlers => ({
  check: () => null,
  opened: () => {},
  closed: () => {},
  authenticate: () => ok(unbounded('anyone')),
  refused: () => {},
  failed: (error) => {
    throw error;
  },
  ...own,
});
