import type { ReportError } from './listeners.ts';

/** A key, a function that gives the one that counts now, or null for none. */
export type GivenKey = string | (() => string | Promise<string>) | null;

/** The key that the client shows. It goes into headers and into the entry of a connection, never into an address or a message. */
export interface KeySource {
  /** As it was last known, for where nobody can wait. */
  readonly current: string | undefined;
  /** Asks the app's function; false where that failed, which is reported. Null where there is none, and so nothing to wait for. */
  renew(): Promise<boolean> | null;
  /** Whether there is another key now than the one that was refused, or may be one, since the app's function failed. */
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
      // What an earlier function says late counts no more.
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
      // It may have been set while the other one was on its way.
      if (current !== refused) return true;
      return (await renew()) === false || current !== refused;
    },
    set,
  };
}
