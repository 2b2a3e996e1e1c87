import { ok } from '#contracts/errors.ts';
import { unbounded } from '#platform/access/caller.ts';
import type { SocketHandlers } from '../sockets/socket-server.ts';

/** Lets everybody do everything, but for what the test says. */
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
