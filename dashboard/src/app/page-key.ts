const NAME = 'millrace.key';

/** The key that this tab sends: stored for the session of the tab only, and never in the address. */
export interface PageKey {
  readonly current: string | null;
  /** Null forgets the key. */
  set(key: string | null): void;
  /** The server refused `shown`, or a request without a key. Ignored where the key has changed since. */
  refused(shown: string | null, code: string): void;
  /** Returns `unsubscribe`. */
  onRefused(listener: (code: string) => void): () => void;
}

export function createPageKey(storage: () => Storage = () => sessionStorage): PageKey {
  const listeners = new Set<(code: string) => void>();
  let current = read(storage);
  return {
    get current() {
      return current;
    },
    set(key) {
      current = key;
      try {
        if (key === null) storage().removeItem(NAME);
        else storage().setItem(NAME, key);
      } catch {
        // Without storage it lasts until the page is loaded again.
      }
    },
    refused(shown, code) {
      if (shown === current) for (const listener of [...listeners]) listener(code);
    },
    onRefused(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function read(storage: () => Storage): string | null {
  try {
    return storage().getItem(NAME);
  } catch {
    return null;
  }
}

/** Why a key is needed, or was not accepted. */
const LABELS: Record<string, string> = {
  missing_key: 'A key is needed to read here.',
  invalid_key: 'This key is not known here: mistyped, revoked, or of another Millrace.',
  expired_key: 'The key has expired.',
  revoked_key: 'The key was revoked.',
  forbidden_scope: 'This key does not allow reading. A key with the scope read is needed.',
  forbidden_origin: 'This key may not be used on this page.',
};

/** Whether the page needs another key after this code. */
export const asksForKey = (code: string): boolean =>
  ['missing_key', 'invalid_key', 'expired_key', 'revoked_key'].includes(code);

export const keyLabel = (code: string): string => LABELS[code] ?? `The key was not accepted (${code}).`;
