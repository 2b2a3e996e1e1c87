export type ReportError = (error: unknown) => void;

export interface Listeners<T> {
  /** Answers a function that ends it. */
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

export function guard(report: ReportError, call: () => void): void {
  try {
    call();
  } catch (error) {
    report(error);
  }
}

/** `onError` as a function that cannot throw; without one, errors go to the console. */
export function createReporter(onError: ReportError | undefined): ReportError {
  return (error) => {
    if (onError === undefined) console.error('Millrace client:', error);
    else
      try {
        onError(error);
      } catch (second) {
        console.error('Millrace client: onError threw:', second, 'while it was told of:', error);
      }
  };
}
