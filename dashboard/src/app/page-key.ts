const NAME = 'millrace.key';

/** The key that this tab shows: kept for the tab's session and no longer, and never in the address. */
export interface PageKey {
  readonly current: string | null;
  /** Null forgets it. */
  set(key: string | null): void;
  /** The server has refused `shown`, or that there was none. Nothing happens where there is another by now. */
  refused(shown: string | null, code: string): void;
  /** Answers what ends it. */
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
