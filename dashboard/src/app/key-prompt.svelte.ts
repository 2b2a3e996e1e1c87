import type { Client } from '#client/types.ts';
import { addGetters } from './add-getters.ts';
import type { Api } from './api.ts';
import { asksForKey, type PageKey } from './page-key.ts';

/** Asks for the page's key, tries it, uses it and forgets it. */
export interface KeyPrompt {
  /** Whether the page sends a key. What was loaded with one key is loaded again when it changes. */
  readonly hasKey: boolean;
  /** Counts the keys that were entered or forgotten. */
  readonly changes: number;
  /** Code of the refusal for which a key is needed; null while none is. */
  readonly wanted: string | null;
  /** Whether the dialog is open. It opens by itself once, until a key was accepted. */
  readonly asking: boolean;
  ask(): void;
  dismiss(): void;
  /** Tries a key and continues with it. Returns the code of its refusal, or null where it was accepted; rejects where the server cannot be reached. */
  enter(key: string): Promise<string | null>;
  forget(): void;
  close(): void;
}

/** What a header can hold, unlike the quotes of a word processor. */
const SENDABLE = /^[\x21-\x7e]{1,200}$/;

export function createKeyPrompt(client: Client, api: Pick<Api, 'tryKey'>, keys: PageKey): KeyPrompt {
  const state = $state({
    hasKey: keys.current !== null,
    changes: 0,
    wanted: null as string | null,
    asking: false,
  });
  const refused = (code: string): void => {
    if (!asksForKey(code)) return;
    // Requests only learn that a key is unknown; the connection that it was revoked on gives the reason.
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
    state.hasKey = key !== null;
    state.changes++;
  };
  const ends = [
    keys.onRefused(refused),
    client.onConnectionChange(({ state: link, refusal }) => {
      if (link === 'refused' && refusal !== null) refused(refusal.code);
    }),
  ];
  return addGetters(
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
