import { ok, type Result, refuse } from '#contracts/errors.ts';
import { type Caller, checkScope } from '#platform/access/caller.ts';
import type { Keyring } from '#platform/access/keyring.ts';
import { createNameCounts } from '#platform/limits/name-counts.ts';

/** Counts the open connections of each key, and refuses those above the limit. */
export interface ConnectionsPerKey {
  /**
   * Returns the caller that a presented key belongs to, if it may read from a page of `origin`. `current`: the caller that a
   * connection has already, when it goes on with another key; it counts once.
   */
  authenticate(presented: string | null, origin: string | undefined, current?: Caller): Result<Caller>;
  opened(caller: Caller): void;
  closed(caller: Caller): void;
}

/** The caller without a key, where none is needed: the limit of a key does not apply. */
export const KEYLESS = 'anyone';

/** `limit`: connections of one key. */
export function createConnectionsPerKey(keyring: Keyring, limit: number): ConnectionsPerKey {
  const counts = createNameCounts();
  const isFull = ({ id }: Caller): boolean => id !== KEYLESS && counts.of(id) >= limit;
  return {
    authenticate(presented, origin, current) {
      const caller = keyring.identify(presented);
      if (!caller.ok) return caller;
      const fault = checkScope(caller.value, 'read', origin);
      if (fault !== null) return { ok: false, fault };
      if (caller.value.id === current?.id || !isFull(caller.value)) return ok(caller.value);
      return refuse(
        'too_many_connections',
        `One key may have ${limit} connections to a gateway (MILLRACE_CONNECTIONS_PER_KEY).`,
      );
    },
    opened: ({ id }) => counts.add(id, 1),
    closed: ({ id }) => counts.add(id, -1),
  };
}
