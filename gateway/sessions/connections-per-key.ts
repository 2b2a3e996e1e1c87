import { ok, type Result, refuse } from '#contracts/errors.ts';
import { type Caller, checkScope } from '#platform/access/caller.ts';
import type { Keyring } from '#platform/access/keyring.ts';
import { createNameCounts } from '#platform/limits/name-counts.ts';

/** Who holds a connection, by key. */
export interface KeyHolders {
  /**
   * Whether this key may read from a page of `origin`. `held`: who they are already, when they go on
   * with another key; their place counts as theirs.
   */
  admit(presented: string | null, origin: string | undefined, held?: Caller): Result<Caller>;
  entered(caller: Caller): void;
  left(caller: Caller): void;
}

/** Who comes without a key, where none is needed, has no key to share the limit with. */
export const KEYLESS = 'anyone';

/** `limit`: connections of one key. */
export function createKeyHolders(keyring: Keyring, limit: number): KeyHolders {
  const counts = createNameCounts();
  const isFull = ({ id }: Caller): boolean => id !== KEYLESS && counts.of(id) >= limit;
  return {
    admit(presented, origin, held) {
      const caller = keyring.identify(presented);
      if (!caller.ok) return caller;
      const fault = checkScope(caller.value, 'read', origin);
      if (fault !== null) return { ok: false, fault };
      if (caller.value.id === held?.id || !isFull(caller.value)) return ok(caller.value);
      return refuse(
        'too_many_connections',
        `One key may have ${limit} connections to a gateway (MILLRACE_CONNECTIONS_PER_KEY).`,
      );
    },
    entered: ({ id }) => counts.add(id, 1),
    left: ({ id }) => counts.add(id, -1),
  };
}
