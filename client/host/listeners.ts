import type { Environment } from './environment.ts';

export type ReportError = (error: unknown) => void;

export interface Listeners<T> {
  /** Returns `unsubscribe`. */
  add(listener: (value: T) => void): () => void;
  tell(value: T): void;
}

/** A set of listeners of which none can harm the others or the caller: what one throws goes to `report`. */
export function createListeners<T>(report: ReportError): Listeners<T> {
  const entries = new Set<{ listener: (value: T) => void }>();
  return {
    add(listener) {
      const entry = { listener };
      entries.add(entry);
      return () => {
        entries.delete(entry);
      };
    },
    tell(value) {
      for (const { listener } of [...entries]) guard(report, () => listener(value));
    },
  };
}

/** Calls what belongs to the app: what it throws goes to `report`, and so does what the promise it may return rejects with. */
export function guard(report: ReportError, call: () => unknown): void {
  try {
    catchRejection(report, call());
  } catch (error) {
    report(error);
  }
}

/** Reports the rejection of a promise that the app's code may have returned: unhandled, it would end a Node process. */
export function catchRejection(report: ReportError, returned: unknown): void {
  const promise = returned as PromiseLike<unknown> | null | undefined;
  if (typeof promise?.then === 'function') promise.then(undefined, report);
}

/**
 * The most reports in one second: a report may cause more, such as an `onError` that calls `track`, and that must
 * neither hold the event loop nor flood a console.
 */
const REPORTS = 100;
const PERIOD = 1_000;

/** `onError` as a function that cannot throw; without one, errors go to the console. Beyond 100 in a second they are counted. */
export function createReporter(
  onError: ReportError | undefined,
  env: Pick<Environment, 'after'>,
): ReportError {
  let told = 0;
  let left = 0;
  const say = (...texts: unknown[]): void => {
    try {
      console.error('Millrace client:', ...texts);
    } catch {
      // There is no console, or it is the app's own: there is nowhere to report to.
    }
  };
  const tell = (error: unknown): void => {
    if (onError === undefined) say(error);
    else
      guard(
        (second) => say('onError threw:', second, 'while it was told of:', error),
        () => onError(error),
      );
  };
  const next = (): void => {
    const count = left;
    [told, left] = [0, 0];
    if (count > 0) report(new Error(`${count} more errors came within a second.`));
  };
  const report: ReportError = (error) => {
    if (told === 0) env.after(PERIOD, next, true);
    if (told++ < REPORTS) tell(error);
    else left++;
  };
  return report;
}
