import type { Client } from '#client/types.ts';
import type { Api } from './api.ts';
import { exposeState } from './expose-state.ts';
import { asksForKey } from './key-labels.ts';
import type { PageKey } from './page-key.ts';

/** Where the page's key is asked for, tried, used and forgotten. */
export interface KeyDesk {
  /** Whether the page shows a key. Who loads something does it anew when it changes. */
  readonly used: boolean;
  /** Counts the keys that were entered or forgotten. */
  readonly changes: number;
  /** Code of the refusal for which a key is needed; null while none is. */
  readonly wanted: string | null;
  /** Whether the question is on the screen. By itself it comes once, until a key was taken. */
  readonly asking: boolean;
  ask(): void;
  dismiss(): void;
  /** Tries a key and goes on with it; answers the code with which it was refused, null where it was taken. Rejects where the server cannot be asked. */
  enter(key: string): Promise<string | null>;
  forget(): void;
  close(): void;
}

/** What a header can hold; a quote of a word processor, say, it cannot. */
const SENDABLE = /^[\x21-\x7e]{1,200}$/;

export function createKeyDesk(client: Client, api: Pick<Api, 'tryKey'>, keys: PageKey): KeyDesk {
  const state = $state({
    used: keys.current !== null,
    changes: 0,
    wanted: null as string | null,
    asking: false,
  });
  const refused = (code: string): void => {
    if (!asksForKey(code)) return;
    // Requests only hear that a key is not known; the connection that it was taken from says why.
    if (state.wanted === 'invalid_key' && code !== 'missing_key') state.wanted = code;
    if (state.wanted !== null) return;
    state.wanted = code;
    state.asking = true;
  };
  const use = (key: string | null): void => {
    keys.set(key);
    client.setKey(key);
    state.wanted = null;
    state.asking = false;
    state.used = key !== null;
    state.changes++;
  };
  const ends = [
    keys.onRefused(refused),
    client.onConnectionChange(({ state: link, refusal }) => {
      if (link === 'refused' && refusal !== null) refused(refusal.code);
    }),
  ];
  return exposeState(
    {
      ask: () => {
        state.asking = true;
      },
      dismiss: () => {
        state.asking = false;
      },
      async enter(key: string) {
        if (!SENDABLE.test(key)) return 'invalid_key';
        const code = await api.tryKey(key);
        if (code === null) use(key);
        return code;
      },
      forget: () => use(null),
      close: () => {
        for (const end of ends) end();
      },
    },
    state,
  );
}
