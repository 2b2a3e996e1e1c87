import type { ReportError } from './listeners.ts';

/** A key, a function that returns the current one, or null for none. */
export type GivenKey = string | (() => string | Promise<string>) | null;

/** The key that the client sends. It goes into headers and into the handshake of a connection, never into an address or a message. */
export interface KeySource {
  /** The key as last known, for code that cannot wait. */
  readonly current: string | undefined;
  /** Asks the app's function; false where that failed, which is reported. Null where there is none. */
  renew(): Promise<boolean> | null;
  /** Whether the key differs from the one that was refused, or may differ, since the app's function failed. */
  hasAnother(refused: string | undefined): Promise<boolean>;
  set(given: GivenKey): void;
}

export function createKeySource(given: GivenKey, report: ReportError): KeySource {
  let current: string | undefined;
  const set = (next: GivenKey) => {
    given = next;
    current = typeof next === 'string' ? next : undefined;
  };
  const ask = async (give: () => string | Promise<string>) => {
    try {
      const key: unknown = await give();
      if (typeof key !== 'string') throw new TypeError('The key function did not return a string.');
      // The answer of a function that was replaced meanwhile is ignored.
      if (given === give) current = key;
      return true;
    } catch (error) {
      report(error);
      return false;
    }
  };
  const renew = () => (typeof given === 'function' ? ask(given) : null);
  set(given);
  return {
    get current() {
      return current;
    },
    renew,
    async hasAnother(refused) {
      // It may have been set while the other one was in use.
      if (current !== refused) return true;
      return (await renew()) === false || current !== refused;
    },
    set,
  };
}
